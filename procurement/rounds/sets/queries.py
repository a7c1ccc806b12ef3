"""Rule sets that can be read, chosen and compared: the built-in ones, and written ones by their state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, selectinload

from kernel.auth.actor import Actor
from kernel.errors import NotFound
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import rounds
from procurement.rounds.rules.ruleset import RULE_SETS, RuleSet, load_rule_set
from procurement.rounds.sets.flow import SetState
from procurement.rounds.sets.models import WrittenSet
from procurement.rounds.sets.rules import read_draft

FINAL = (SetState.APPROVED, SetState.RETIRED)


@dataclass(frozen=True, slots=True)
class Known:
    """A rule set as lists show it; `written` is None for a built-in one."""

    rule_set: RuleSet
    written: WrittenSet | None

    @property
    def code(self) -> str:
        """Return what addresses name it by."""
        return self.written.code if self.written else self.rule_set.id

    @property
    def standings(self) -> dict[str, int]:
        """Count its parameters by standing."""
        found: dict[str, int] = {}
        for one in self.rule_set.parameters.values():
            found[one.standing] = found.get(one.standing, 0) + 1
        return found


def visible(actor: Actor) -> Select[WrittenSet]:
    """Return the written sets an actor may see: approved ones everybody, all of them those who set rounds up."""
    query = select(WrittenSet).order_by(WrittenSet.code)
    return query if rounds.sees_drafts(actor) else query.where(WrittenSet.state.in_(FINAL))


def known(session: Session, actor: Actor) -> list[Known]:
    """Return the written sets and then the built-in ones."""
    own = [Known(read_draft(each.text), each) for each in session.scalars(visible(actor))]
    return own + [Known(load_rule_set(name), None) for name in RULE_SETS.ids()]


def one(session: Session, code: str, actor: Actor) -> Known:
    """Return a rule set by its code, built-in or written, or NotFound."""
    if code in RULE_SETS.ids():
        return Known(load_rule_set(code), None)
    found = session.scalars(visible(actor).where(WrittenSet.code == code)).one_or_none()
    if found is None:
        raise NotFound(rule_set=code)
    return Known(read_draft(found.text), found)


def held(session: Session, code: str, actor: Actor) -> WrittenSet:
    """Return a written set with its row locked, read anew, or NotFound."""
    query = visible(actor).where(WrittenSet.code == code).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(rule_set=code)
    return found


def approved(session: Session) -> Sequence[WrittenSet]:
    """Return the written sets that a round may take."""
    query = select(WrittenSet).where(WrittenSet.state == SetState.APPROVED).order_by(WrittenSet.code)
    return session.scalars(query).all()


def choices(session: Session) -> list[tuple[str, str]]:
    """Return (code, title) of every set that a round may take, one's own first."""
    own = [(each.code, f"{each.title}（{each.code}）") for each in approved(session)]
    return own + [(name, f"{load_rule_set(name).title}（{name}）") for name in RULE_SETS.ids()]


def usable(session: Session, code: str) -> WrittenSet | None:
    """Return an approved written set by its code, its row held so that nobody reopens it meanwhile."""
    query = select(WrittenSet).where(WrittenSet.code == code, WrittenSet.state == SetState.APPROVED)
    return session.scalars(query.with_for_update(read=True)).one_or_none()


def used_by(session: Session, known_set: Known, actor: Actor) -> Sequence[Round]:
    """Return the rounds that go by a set, newest first, as far as the actor may see them."""
    return session.scalars(rounds.visible(actor).where(_uses(known_set))).all()


def _uses(known_set: Known) -> ColumnElement[bool]:
    if known_set.written is not None:
        return Round.written_set_id == known_set.written.id
    return (Round.rule_set_id == known_set.rule_set.id) & Round.written_set_id.is_(None)


def is_used(session: Session, written: WrittenSet) -> bool:
    """Say whether any round took the set, void ones included."""
    return session.scalar(select(Round.id).where(Round.written_set_id == written.id).limit(1)) is not None


def uses(session: Session) -> Mapping[str, int]:
    """Count the published rounds of each set, by its code."""
    query = select(Round.rule_set_id, func.count()).where(Round.published_at.is_not(None)).group_by(Round.rule_set_id)
    return {row[0]: row[1] for row in session.execute(query)}


def with_changes(session: Session, code: str, actor: Actor) -> WrittenSet | None:
    """Return a written set with the record of its changes, None for a built-in one."""
    query = visible(actor).where(WrittenSet.code == code).options(selectinload(WrittenSet.changes))
    return session.scalars(query).one_or_none()


def by_id(session: Session, set_id: int, actor: Actor) -> WrittenSet | None:
    """Return a written set by its id, None outside the actor's scope."""
    return session.scalars(visible(actor).where(WrittenSet.id == set_id)).one_or_none()
