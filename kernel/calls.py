"""What a row of the URL table is, and what its view is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import marshmallow as ma
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict

from kernel.auth.actor import Actor
from kernel.auth.permissions import Permission
from kernel.errors import DomainError

SAFE = frozenset({"GET", "HEAD"})


@dataclass(slots=True)
class Call:
    """What a view works with: one session, one actor, one instant, and the request's own values."""

    session: Session
    actor: Actor
    at: datetime
    args: MultiDict[str, str] = field(default_factory=MultiDict)
    form: MultiDict[str, str] = field(default_factory=MultiDict)
    files: MultiDict[str, FileStorage] = field(default_factory=MultiDict)
    error: DomainError | None = None
    prepared: Any = None
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One URL. `again` re-renders a form whose post was refused; without it a refusal is a flash and a 303.

    `prepare(files, **url_args)` turns the uploaded files into `call.prepared` before the transaction begins: slow
    reading of an upload must not hold SQLite's write lock. `long` names the fields that carry a whole grid or text.
    """

    name: str
    url: str
    view: View
    permission: Permission
    methods: tuple[str, ...] = ("GET",)
    again: View | None = None
    prepare: Callable[..., Any] | None = None
    query: type[ma.Schema] | None = None
    body: type[ma.Schema] | None = None
    returns: ma.Schema | type[ma.Schema] | None = None
    status: int = 200
    long: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.permission, Permission):
            raise TypeError(f"{self.url}: no permission named")
