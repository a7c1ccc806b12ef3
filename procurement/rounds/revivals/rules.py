"""Which offers go out when (source: revivals of batches 10 to 12; docs/decisions/0018).

The price of a bid that was not shortlisted may rise by what shortlisted ones accept, so these are asked first.

>>> first = Candidate((1, 1, 1), (1, ""), Terms("revival-shortlisted", Decimal("3.24")), False)
>>> later = Candidate((1, 2, 1), (1, ""), Terms("revival-unlisted", Decimal("1.00")), False)
>>> board([first, later], []).due, board([first, later], []).held
([(1, 1, 1)], [(1, 2, 1)])
>>> board([first, later], [Sent(7, (1, 1, 1), first.terms, OfferState.DECLINED)]).due
[(1, 2, 1)]
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from procurement.rounds.revivals.flow import OfferState
from procurement.rounds.rules.model import By

Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is offered: which revival, at which comparable price. An answer is bound to both."""

    kind: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class Candidate:
    """A bid that the newest evaluation lets revive. `place` is (lot, company, specification), `contest` (lot, unit)."""

    place: Place
    contest: tuple[int, str]
    terms: Terms
    won: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """An offer that went out, at its state of now."""

    id: int
    place: Place
    terms: Terms
    state: OfferState


@dataclass(slots=True)
class Board:
    """Where a round's revivals stand, by place.

    `due` can be offered now, `held` after the shortlisted of their contest, `open` wait for an answer, `unread` are
    accepted and wait for an evaluation that reads them.
    """

    due: list[Place] = field(default_factory=list)
    held: list[Place] = field(default_factory=list)
    open: list[Place] = field(default_factory=list)
    unread: list[Place] = field(default_factory=list)

    @property
    def settled(self) -> bool:
        """Say whether nothing is left to offer, to answer or to read."""
        return not (self.due or self.held or self.open or self.unread)


def board(candidates: Sequence[Candidate], sent: Iterable[Sent]) -> Board:
    """Say for every candidate what it waits for; who answered these very terms is asked no more."""
    known = {one.place: one for one in sent if one.state is not OfferState.SUPERSEDED}
    found, asked = Board(), []
    blocked: set[tuple[int, str]] = set()
    for one in candidates:
        if one.won:
            continue
        offer = known.get(one.place)
        state = offer.state if offer is not None and offer.terms == one.terms else None
        if state in (OfferState.DECLINED, OfferState.LAPSED):
            continue
        waiting = {OfferState.OPEN: found.open, OfferState.ACCEPTED: found.unread}
        if state in waiting:
            waiting[state].append(one.place)
        else:
            asked.append(one)
        if one.terms.kind == By.REVIVAL_SHORTLISTED:
            blocked.add(one.contest)
    for one in asked:
        late = one.terms.kind == By.REVIVAL_UNLISTED and one.contest in blocked
        (found.held if late else found.due).append(one.place)
    return found


def superseded(candidates: Iterable[Candidate], sent: Iterable[Sent]) -> list[Sent]:
    """Return the offers that the newest evaluation does not make, or makes at other terms."""
    terms = {one.place: one.terms for one in candidates}
    return [one for one in sent if one.state is not OfferState.SUPERSEDED and terms.get(one.place) != one.terms]


def answer_digest(
    *, round_code: str, lot: int, company: str, terms: Terms, accepts: bool, at: str, on_paper: bool
) -> str:
    """Return the SHA-256 of an answer: what it says, to what, by whom and when."""
    told = [round_code, lot, company, terms.kind, format(terms.price, "f"), accepts, at, on_paper]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
