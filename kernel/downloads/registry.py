"""What can be exported: a package registers each table of its pages, with the filter its page has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kernel.auth.actor import Actor
from kernel.auth.permissions import Permission
from kernel.errors import NotFound
from kernel.sheets import Sheet

Make = Callable[[Session, Mapping[str, Any], Actor, datetime], Sheet]


@dataclass(frozen=True, slots=True)
class Export:
    """A table that goes out. `make(session, filter, actor, at)` returns its rows within the actor's scope.

    Its sheet says how many rows there are (`total`) where there may be many: those are prepared off the request.
    """

    name: str
    title: Any
    permission: Permission
    make: Make

    def sheet(self, session: Session, asked: Mapping[str, Any], actor: Actor, at: datetime) -> Sheet:
        """Return the table of a filter; of a part that is asked twice, the first counts where one is read."""
        return self.make(session, MultiDict(asked), actor, at)


_exports: dict[str, Export] = {}


def export(name: str, title: Any, permission: Permission, make: Make) -> None:
    """Register a table by the name its address has: "catalogue.drugs"."""
    _exports[name] = Export(name, title, permission, make)


def exports() -> Mapping[str, Export]:
    """Return all tables that go out."""
    return _exports


def found(name: str, actor: Actor) -> Export:
    """Return the table of that name, or NotFound; Forbidden where the actor may not read it."""
    if name not in _exports:
        raise NotFound(export=name)
    actor.must(_exports[name].permission)
    return _exports[name]
