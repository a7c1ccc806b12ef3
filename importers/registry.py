"""The kinds of workbook, each in its own file of importers/kinds; how to write one stands in importers.columns."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from sqlalchemy.orm import Session

import importers.kinds as folder
from importers.columns import Choice, Column, Plan, Rows
from importers.workbook import Sheet
from kernel.auth.actor import Actor
from kernel.auth.permissions import Permission
from kernel.errors import Issue, NotFound

Context = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """Where applied rows came from, for the audit event of the owning service."""

    import_id: int
    digest: str
    file_name: str
    sheet: str


class PlanRows(Protocol):
    """Decide what the rows would do; reads only."""

    def __call__(self, session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan: ...


class ApplyPlan(Protocol):
    """Write the plan through the owning package's services, all in the caller's transaction."""

    def __call__(
        self, session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source
    ) -> None: ...


class MakeContext(Protocol):
    """Turn the page's query into JSON values, or raise NotFound / DomainError (round closed, not yours)."""

    def __call__(self, session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]: ...


class Prefill(Protocol):
    """Rows that the template comes with, by column name."""

    def __call__(
        self, session: Session, *, context: Context, actor: Actor, at: datetime
    ) -> Iterable[Mapping[str, Any]]: ...


class Lists(Protocol):
    """Allowed values of columns, for the code lists, the drop-downs and the check of CHOICE columns."""

    def __call__(
        self, session: Session, *, context: Context, actor: Actor, at: datetime
    ) -> Mapping[str, Sequence[Choice]]: ...


class Flatten(Protocol):
    """Turn sheets of an official layout into one flat sheet and notes; None where they are not in that layout."""

    def __call__(self, sheets: Sequence[Sheet], columns: Sequence[Column]) -> tuple[Sheet, list[Issue]] | None: ...


class Vault(Protocol):
    """Keeps what was read between upload and confirmation. A confidential kind brings its own (see bids/sealing)."""

    def stage(self, session: Session, payload: bytes) -> str:
        """Keep the bytes and return a reference."""
        ...

    def unstage(self, session: Session, ref: str) -> bytes:
        """Give the bytes back."""
        ...

    def discard(self, session: Session, ref: str) -> None:
        """Forget the bytes; an unknown reference is not an error."""
        ...


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of workbook.

    `version` goes up whenever a column is added, removed or changes its meaning: older templates are then refused.
    `all_or_nothing`: a workbook with any issue writes nothing (bids); else the person may take the good rows.
    `confidential`: the upload is not kept, its digest is salted, values live in `vault` only, nobody outside the
    uploading organisation sees the import.
    `flatten` and `origin` read official layouts: see importers.columns.
    `back` names the page people came from, as (endpoint, {part of its address: name in the context}).
    """

    name: str
    version: int
    title_zh: str
    title_en: str
    columns: tuple[Column, ...]
    permission: Permission
    plan: PlanRows
    apply: ApplyPlan
    key: tuple[str, ...] = ()
    all_or_nothing: bool = False
    confidential: bool = False
    vault: Vault | None = None
    template_required: bool = False
    context: MakeContext | None = None
    prefill: Prefill | None = None
    lists: Lists | None = None
    notes_zh: tuple[str, ...] = ()
    notes_en: tuple[str, ...] = ()
    back: tuple[str, Mapping[str, str]] | None = None
    flatten: Flatten | None = None
    origin: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names) or not set(self.key) <= set(names):
            raise ValueError(f"{self.name}: column names repeat, or the key names none")
        if self.confidential and self.vault is None:
            raise ValueError(f"{self.name}: a confidential kind needs a vault")

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def title(self, locale: str = "zh_CN") -> str:
        """The kind's name for people."""
        return self.title_zh if locale.startswith("zh") else self.title_en


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds by name; two of one name do not start. A file called _x.py is shared by kinds and holds none."""
    found: dict[str, Kind] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(folder.__path__) if info.name[0] != "_"):
        kind: Kind = import_module(f"importers.kinds.{module}").KIND
        if kind.name in found:
            raise ValueError(f"two kinds called {kind.name}")
        found[kind.name] = kind
    return found


def kind(name: str) -> Kind:
    """The kind of that name, or NotFound."""
    try:
        return kinds()[name]
    except KeyError:
        raise NotFound(kind=name) from None
