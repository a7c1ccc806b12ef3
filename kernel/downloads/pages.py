"""A page's list as a table: the page's own reading of its address gives the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from kernel.auth.actor import Actor
from kernel.auth.permissions import Permission
from kernel.calls import Call
from kernel.downloads.registry import export
from kernel.sheets import Sheet


def page_export(name: str, title: Any, permission: Permission, view: Callable[[Call], Sheet]) -> None:
    """Register the table of a page; `view` is asked with the page's filter, in a request or off it."""

    def make(session: Session, asked: Mapping[str, Any], actor: Actor, at: datetime) -> Sheet:
        return view(Call(session, actor, at, args=MultiDict(asked)))

    export(name, title, permission, make)
