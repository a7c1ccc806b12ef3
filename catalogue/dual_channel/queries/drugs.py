"""Find listed drugs and the entries that may be listed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.rules.listing import DrugState, Layer
from catalogue.editions.flow import EditionState
from catalogue.editions.models import Edition, ListEntry
from catalogue.editions.queries import editions
from catalogue.editions.rules.texts import key
from kernel.errors import NotFound

_D = ListedDrug


def in_state(state: DrugState, day: date) -> ColumnElement[bool]:
    """Return the condition that a drug is in a state on a day; the same as rules.listing.Term.state_on."""
    left = and_(_D.leaves_on.is_not(None), _D.leaves_on <= day)
    over = and_(left, or_(_D.transition_until.is_(None), _D.transition_until <= day))
    begun = _D.begins_on <= day
    return {
        DrugState.UPCOMING: _D.begins_on > day,
        DrugState.VALID: and_(begun, or_(_D.leaves_on.is_(None), _D.leaves_on > day)),
        DrugState.TRANSITION: and_(begun, left, _D.transition_until > day),
        DrugState.ENDED: and_(begun, over),
    }[state]


def listing(
    *, region: str, layer: Layer | None = None, state: DrugState | None = None, text: str = "", day: date
) -> Select[ListedDrug]:
    """Return the query of a region's lists."""
    query = select(_D).join(_D.entry).where(_D.region_code == region)
    if layer is not None:
        query = query.where(_D.layer == layer)
    if state is not None:
        query = query.where(in_state(state, day))
    if plain := key(text).replace("\0", ""):
        query = query.where(ListEntry.name_key.contains(plain, autoescape=True))
    return query.order_by(_D.layer, ListEntry.part, ListEntry.number, ListEntry.edition_id, _D.id)


def one(session: Session, drug_id: int) -> ListedDrug:
    """Return a listed drug, or NotFound."""
    found = session.get(_D, drug_id)
    if found is None:
        raise NotFound(drug=drug_id)
    return found


def on_sale(session: Session, regions: Collection[str], day: date) -> dict[str, ListedDrug]:
    """Return the drugs that pharmacies of these regions may sell on a day, by key; the separate list comes first."""
    selling = or_(in_state(DrugState.VALID, day), in_state(DrugState.TRANSITION, day))
    query = select(_D).join(_D.entry).where(_D.region_code.in_(regions), selling)
    found: dict[str, ListedDrug] = {}
    for each in session.scalars(query.order_by(_D.layer.desc(), ListEntry.name, _D.id)):
        found.setdefault(each.drug_key, each)
    return dict(sorted(found.items(), key=lambda pair: pair[1].entry.name))


def same_drug(session: Session, region: str, layer: Layer, drug_key: str) -> Sequence[ListedDrug]:
    """Return a drug's rows on one list, through the editions."""
    query = select(_D).where(_D.region_code == region, _D.layer == layer, _D.drug_key == drug_key)
    return session.scalars(query.order_by(_D.begins_on)).all()


def gone(session: Session, region: str, day: date, parts: Collection[str]) -> list[ListedDrug]:
    """Return the drugs that are listed without an end though the edition in force no longer has them negotiated."""
    edition = editions.in_force(session, day)
    if edition is None:
        return []
    stands = select(ListEntry.name_key).where(ListEntry.edition_id == edition.id, ListEntry.part.in_(parts))
    query = listing(region=region, day=day).where(_D.leaves_on.is_(None), _D.drug_key.not_in(stands))
    return list(session.scalars(query))


def entries_by_place(session: Session, codes: Collection[str]) -> dict[tuple[str, str, int], ListEntry]:
    """Return the numbered entries of issued editions by edition, part and number."""
    query = (
        select(ListEntry)
        .join(ListEntry.edition)
        .where(Edition.code.in_(codes), Edition.state != EditionState.DRAFT, ListEntry.occurrence == 0)
    )
    return {(entry.edition.code, entry.part.value, entry.number): entry for entry in session.scalars(query)}


def by_entry(session: Session) -> dict[tuple[str, int, Layer], ListedDrug]:
    """Return every listed drug by region, entry and layer."""
    return {(each.region_code, each.entry_id, each.layer): each for each in session.scalars(select(_D))}


def options(session: Session, text: str, parts: Collection[str], limit: int) -> Sequence[ListEntry]:
    """Return entries of issued editions that may be listed, the newest edition first."""
    query = (
        select(ListEntry)
        .join(ListEntry.edition)
        .where(Edition.state != EditionState.DRAFT, ListEntry.part.in_(parts), ListEntry.occurrence == 0)
        .where(ListEntry.name_key.contains(key(text).replace("\0", ""), autoescape=True))
    )
    return session.scalars(query.order_by(Edition.valid_from.desc(), ListEntry.position).limit(limit)).all()


def counts(session: Session, region: str, day: date) -> dict[str, int]:
    """Count a region's drugs by state, and by layer those on sale."""
    found: dict[str, int] = {state.value: 0 for state in DrugState} | {layer.value: 0 for layer in Layer}
    rows: Any = session.scalars(select(_D).where(_D.region_code == region))
    for each in rows:
        state = each.state_on(day)
        found[state.value] += 1
        if state in (DrugState.VALID, DrugState.TRANSITION):
            found[each.layer.value] += 1
    return found
