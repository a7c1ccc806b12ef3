"""What the platform's own records say about a code and its parts.

Areas teach it what they know: `@lookup(CodeKind.WESTERN, PartName.CLASS)` above a function that finds the records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.codes.rules.kinds import CodeKind, PartName
from catalogue.codes.rules.reading import ParsedCode
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation, Region


@dataclass(frozen=True, slots=True)
class Found:
    """A record that says something about a code; `kind` and `subject_id` lead to its page where it has one."""

    title: str
    detail: str = ""
    kind: str = ""
    subject_id: int | None = None


Find = Callable[[Session, ParsedCode, str], Sequence[Found]]


@dataclass(frozen=True, slots=True)
class _Lookup:
    kinds: tuple[CodeKind, ...]
    part: PartName
    permission: P
    find: Find


_lookups: list[_Lookup] = []


def lookup(*kinds: CodeKind, part: PartName, permission: P = P.CATALOGUE_READ) -> Callable[[Find], Find]:
    """Register who knows a part of such codes: `find(session, parsed, value)`; PartName.WHOLE asks for whole codes.

    The permission is what an actor needs to be told.
    """

    def register(find: Find) -> Find:
        _lookups.append(_Lookup(kinds, part, permission, find))
        return find

    return register


def meanings(session: Session, *, parsed: ParsedCode, actor: Actor) -> dict[PartName, list[Found]]:
    """Return what records say about the parts without mistakes, and under WHOLE about a correct code."""
    found: dict[PartName, list[Found]] = {}
    wrong = set(parsed.wrong_positions)
    whole = [(part.name, part.value) for part in parsed.parts if not wrong & set(range(part.start, part.end + 1))]
    for name, value in [*whole, *([(PartName.WHOLE, parsed.text)] if parsed.valid else [])]:
        for known in _lookups:
            if parsed.kind in known.kinds and known.part is name and actor.may(known.permission):
                found.setdefault(name, []).extend(known.find(session, parsed, value))
    return found


@lookup(CodeKind.CREDIT, part=PartName.REGION, permission=P.PUBLIC)
def region(session: Session, _parsed: ParsedCode, value: str) -> Sequence[Found]:
    """Name the county, city or province; a county that is not kept is told by its city or province."""
    codes = (value, f"{value[:4]}00", f"{value[:2]}0000")
    found = {each.code: each for each in session.scalars(select(Region).where(Region.code.in_(codes)))}
    nearest = next((found[code] for code in codes if code in found), None)
    return [Found(nearest.name, nearest.code)] if nearest else []


@lookup(CodeKind.CREDIT, part=PartName.WHOLE)
def organisation(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
    """Name the active organisation that has the code."""
    query = select(Organisation).where(Organisation.code == parsed.text, Organisation.state == OrganisationState.ACTIVE)
    pages = {OrganisationKind.COMPANY: "company", OrganisationKind.HOSPITAL: "hospital"}
    return [
        Found(each.name, each.code, pages.get(each.kind, "organisation"), each.id) for each in session.scalars(query)
    ]
