"""What every page has: the shell, rendering, redirects, flashes, paging, and the registries that packages fill."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask import Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from kernel import clock, templating
from kernel.auth.actor import Actor
from kernel.auth.permissions import Permission
from kernel.i18n import LOCALES, label, listed
from kernel.paging import Page, turned
from kernel.problems import place, sentence

Count = Callable[[Session, Actor, datetime], tuple[int, bool]]


@dataclass(frozen=True, slots=True)
class NavItem:
    """A line of the side bar. `count` returns how many wait and whether one is overdue."""

    section: Any
    label: Any
    endpoint: str
    icon: str
    permission: Permission
    count: Count | None = None
    order: int = 50


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A row of a home queue: what | due, then from whom and how far | amount."""

    what: str
    url: str
    due: str = ""
    tone: str = ""
    detail: str = ""
    amount: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """A home queue as shown: its three oldest rows and how many there are."""

    title: Any
    note: str
    rows: list[QueueRow]
    total: int
    url: str
    empty: str


HomeQueue = Callable[[Session, Actor, datetime], Queue | None]
FindSubject = Callable[[Session, Actor, str], tuple[str, str] | None]


@dataclass(slots=True)
class Registry:
    """What packages add to the shell. One per process, filled at import of the blueprints."""

    nav: list[NavItem] = field(default_factory=list)
    queues: list[tuple[int, Permission, HomeQueue]] = field(default_factory=list)
    subjects: dict[str, FindSubject] = field(default_factory=dict)


registry = Registry()


def nav_item(item: NavItem) -> None:
    """Add a line to the side bar; a line of the same endpoint replaces it."""
    registry.nav[:] = [known for known in registry.nav if known.endpoint != item.endpoint] + [item]


def home_queue(permission: Permission, make: HomeQueue, *, order: int = 50) -> None:
    """Add a queue to the first page of everybody who has the permission; None hides it."""
    registry.queues.append((order, permission, make))


def subject_link(kind: str, find: FindSubject) -> None:
    """Teach the audit pages how a kind of record (its table's name) is called and where it is: (name, url).

    `find(session, actor, id)` returns None for a record that is absent or outside the actor's scope.
    """
    registry.subjects[kind] = find


def render(template: str, **context: Any) -> str:
    """Render a page with the shell around it."""
    return render_template(template, shell=shell(), **context)


def redirect_to(endpoint: str, **values: Any) -> Response:
    """Answer 303 with one of our own pages."""
    return redirect(url_for(endpoint, **values), 303)


def flash_done(message: str) -> None:
    """Tell the reader, on the next page, what was done."""
    flash(message, "good")


@dataclass(frozen=True, slots=True)
class ShellItem:
    """A side bar line as drawn."""

    label: str
    url: str
    icon: str
    count: int
    overdue: bool
    current: bool


def shell() -> dict[str, Any]:
    """Collect what the frame of a page shows."""
    actor: Actor = g.actor
    call = g.get("call")
    from kernel.notices.queries import unread_count

    session = call.session if call else None
    return {
        "actor": actor,
        "signed_in": actor.signed_in,
        "role_label": listed(label(role) for role in sorted(actor.roles)),
        "nav": _nav(actor, session) if session is not None else [],
        "notices": unread_count(session, actor) if session is not None and actor.signed_in else 0,
        "now": clock.now(),
        "locale": "en" if str(get_locale()) == "en" else "zh_CN",  # Babel says zh_Hans_CN
        "locales": LOCALES,
        "switch_url": lambda locale: url_for("kernel.language", locale=locale, next=request.full_path.rstrip("?")),
        "demo": current_app.config["SETTINGS"].demo,
        "request_id": g.get("request_id", ""),
    }


def _nav(actor: Actor, session: Session) -> list[tuple[str, list[ShellItem]]]:
    at = clock.now()
    sections: dict[str, list[ShellItem]] = {}
    items = [(one, url_for(one.endpoint)) for one in sorted(registry.nav, key=lambda one: one.order)]
    items = [(one, url) for one, url in items if actor.may(one.permission)]
    here = _nearest(request.path, [url for _item, url in items])
    for item, url in items:
        count, overdue = item.count(session, actor, at) if item.count and actor.signed_in else (0, False)
        sections.setdefault(str(item.section), []).append(
            ShellItem(str(item.label), url, item.icon, count, overdue, url == here)
        )
    return list(sections.items())


def _nearest(path: str, urls: Sequence[str]) -> str:
    """Return the address that a page stands under, the longest where one stands under another."""
    held = [url for url in urls if path == url or (url != "/" and path.startswith(f"{url}/"))]
    return max(held, key=len, default="")


def page_number() -> int:
    """Return the number of the page that the address asks for."""
    return request.args.get("page", 1, type=int)


def paginate(session: Session, query: Select[Any], *, size: int = 50, number: int | None = None) -> Page:
    """Run a query for one page of it; the page number stands in the address."""
    return turned(session, query, size=size, number=number if number is not None else page_number())


def address(**changes: Any) -> str:
    """Return this page's address with some of its query changed; None takes a part out.

    A part that stands in it more than once stays so. Left out are names that `url_for` would take for itself, and the
    page's own: whoever writes an address must not steer its links.
    """
    asked = {name: held if len(held) > 1 else held[0] for name, held in request.args.lists()}
    values: dict[str, Any] = {**asked, **(request.view_args or {}), **changes}
    kept = {k: v for k, v in values.items() if v is not None and k != "endpoint" and not k.startswith("_")}
    return url_for(request.endpoint or "kernel.home", **kept)


def number(value: Decimal | int | None, decimals: int | None = None) -> str:
    """Write a number with thousands and the true minus; None is a dash."""
    if value is None:
        return "—"
    text = (
        f"{value:,.{decimals}f}"
        if decimals is not None
        else f"{value:,f}"
        if isinstance(value, Decimal)
        else f"{value:,}"
    )
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def moment(value: datetime | None, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Write an instant in Beijing time."""
    return "—" if value is None else clock.beijing(value).strftime(form)


def day(value: date | datetime | None) -> str:
    """Write a date, Beijing's where it is an instant."""
    if isinstance(value, datetime):
        value = clock.today(value)
    return "—" if value is None else value.isoformat()


def may(permission: Permission) -> bool:
    """Say whether the reader may do that; templates ask it to show or hide a button."""
    actor: Actor = g.actor
    return actor.may(permission)


def install(app: Flask) -> None:
    """Give templates their filters and functions."""
    app.jinja_env.filters.update(number=number, moment=moment, day=day, sentence=sentence, place=place)
    tools: Mapping[str, Any] = {
        "label": lambda code: label(code) if isinstance(code, StrEnum) else "—",
        "csrf_token": generate_csrf, "new_key": lambda: uuid.uuid4().hex, "address": address, "P": Permission,
        "may": may,
    }  # fmt: skip
    app.jinja_env.globals.update(tools)
    templating.install(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
