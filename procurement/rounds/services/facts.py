"""Record review facts (评审资料) about opened bids, and refuse an evaluation that lacks one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kernel.audit import services as audit
from kernel.auth.actor import Actor
from kernel.columns import canonical
from kernel.db import upsert
from kernel.errors import FileRefused, Invalid, Issue
from procurement.rounds.experts import queries as panels
from procurement.rounds.flow import RoundAction
from procurement.rounds.models.evaluations import ReviewFact
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import facts as queries
from procurement.rounds.queries.facts import Key
from procurement.rounds.queries.table import BidTable
from procurement.rounds.rules import cells
from procurement.rounds.rules.columns import item, lacking
from procurement.rounds.services.acts import locked, must_allow
from procurement.tags import Tag

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Fact:
    """One value as it was typed, blank to take it back; a blank source keeps the one that stands."""

    lot_id: int
    company_id: int
    specification_id: int
    column: str
    value: str
    source: str = ""

    @property
    def key(self) -> Key:
        """Return what the fact is about."""
        return self.lot_id, self.company_id, self.specification_id, self.column

    @property
    def name(self) -> str:
        """Return how a form's field of the fact is called."""
        return "-".join(map(str, self.key))


class FactsMissing(FileRefused):
    """An evaluation needs facts that nobody entered; `issues` name lot, company, specification and column."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        super().__init__(issues)
        self.code = "facts-missing"


def must_be_complete(table: BidTable) -> None:
    """Refuse a table that the command line would refuse too: a declared bid lacks what the rules ask for."""
    found = [
        Issue("fact-missing", column=column.name, facts={
            "lot": table.lots[bid.variety].number, "variety": table.lots[bid.variety].variety.name,
            "company": bid.company, "specification": bid.spec or bid.extra.get("component") or "",
            "item": item(column.name)})
        for bids, columns in table.asked
        for bid, column in lacking(bids, columns)
    ]  # fmt: skip
    if found:
        raise FactsMissing(found)


def check(
    session: Session, *, round_: Round, facts: Sequence[Fact], by_panel: bool = False
) -> tuple[list[str], dict[int, Issue]]:
    """Read facts as the command line's table is read: their values as they are kept, and what is wrong by position."""
    columns = {column.name: column for column in queries.asked_of(round_)}
    asked_in = queries.asked_by_lot(session, round_)
    places = queries.places(session, round_)
    given = frozenset() if by_panel else panels.given_columns(session, round_)
    read: list[str] = []
    wrong: dict[int, Issue] = {}
    seen: set[Key] = set()
    for position, fact in enumerate(facts):
        read.append("")
        if fact.key[:3] not in places:
            wrong[position] = Issue("fact-unknown-bid", column=fact.column, value=fact.value)
        elif columns.get(fact.column) not in asked_in[fact.lot_id]:
            wrong[position] = Issue("fact-not-asked", column=fact.column, facts={"item": item(fact.column)})
        elif fact.column in given:
            wrong[position] = Issue("fact-from-panel", column=fact.column, facts={"item": item(fact.column)})
        elif fact.key in seen:
            wrong[position] = Issue("fact-twice", column=fact.column, facts={"item": item(fact.column)})
        elif max(len(fact.value.strip()), len(fact.source.strip())) > LONGEST:
            wrong[position] = Issue("text-too-long", column=fact.column, facts={"most": LONGEST})
        else:
            try:
                read[-1] = cells.written(cells.read(columns[fact.column], fact.value))
            except cells.BadCell as bad:
                wrong[position] = Issue(bad.code, column=fact.column, value=fact.value, facts=dict(bad.facts))
        seen.add(fact.key)
    return read, wrong


def record(
    session: Session, *, round_id: int, facts: Sequence[Fact], actor: Actor, at: datetime, by_panel: bool = False
) -> int:
    """Keep facts about opened bids, from the opening to the award; return how many changed. Blank takes one back.

    Raises Invalid with every mistake, by the facts' names. A round that was evaluated has to be evaluated again.
    """
    round_ = locked(session, round_id, actor, at)
    must_allow(round_, RoundAction.EVALUATE)
    values, wrong = check(session, round_=round_, facts=facts, by_panel=by_panel)
    if wrong:
        raise Invalid({facts[position].name: issue for position, issue in wrong.items()})
    before = {key: (one.value, one.source) for key, one in queries.stored(session, round_).items()}
    after = dict(before)
    for fact, value in zip(facts, values, strict=True):
        _put(after, fact, value)
    changed = {key: now for key, now in after.items() if before.get(key) != now}
    gone = sorted(set(before) - set(after))
    if not changed and not gone:
        return 0
    _write(session, round_, changed, actor, at)
    _take_back(session, round_, gone)
    round_.facts_changed_at = at
    told = {"changed": len(changed), "taken_back": len(gone), "facts": len(after), "digest": digest(after)}
    audit.record(session, Tag.ROUND_FACTS_RECORDED, round_, actor, at, told)
    return len(changed) + len(gone)


def digest(facts: Mapping[Key, tuple[str, str]]) -> str:
    """Return the SHA-256 of facts with their sources."""
    rows = [[*key, *facts[key]] for key in sorted(facts)]
    return hashlib.sha256(canonical(rows).encode()).hexdigest()


def _put(after: dict[Key, tuple[str, str]], fact: Fact, value: str) -> None:
    old = after.get(fact.key, ("", ""))
    if not value:
        after.pop(fact.key, None)
    else:
        after[fact.key] = value, fact.source.strip() or (old[1] if old[0] == value else "")


def _write(session: Session, round_: Round, changed: Mapping[Key, tuple[str, str]], actor: Actor, at: datetime) -> None:
    if not changed:
        return
    session.flush()  # the round's lock and state, before the bulk path writes beside the session
    columns: dict[str, list[Any]] = {
        "round_id": [round_.id] * len(changed), "lot_id": [key[0] for key in changed],
        "company_id": [key[1] for key in changed], "specification_id": [key[2] for key in changed],
        "column": [key[3] for key in changed], "value": [value for value, _source in changed.values()],
        "source": [source for _value, source in changed.values()], "by_id": [actor.user_id] * len(changed),
        "at": [at] * len(changed),
    }  # fmt: skip
    key = ("round_id", "lot_id", "company_id", "specification_id", "column")
    upsert(session, ReviewFact.__table__, key=key, columns=columns)


def _take_back(session: Session, round_: Round, gone: Sequence[Key]) -> None:
    if gone:
        stored = queries.stored(session, round_)
        session.execute(delete(ReviewFact).where(ReviewFact.id.in_([stored[key].id for key in gone])))
