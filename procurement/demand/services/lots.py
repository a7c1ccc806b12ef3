"""Choose what is collected: lots from the catalogue's varieties, their specifications with factors, and caps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from catalogue.drugs.models import Specification, Variety
from catalogue.drugs.queries import varieties
from catalogue.drugs.rules.codes import Part, VolumeClass
from catalogue.drugs.rules.forms import FormKind
from catalogue.drugs.rules.ratios import price_factor, volume_factor
from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError
from kernel.money import places, working
from procurement.demand.flow import CallState
from procurement.demand.models import Call, Lot, LotSpecification
from procurement.demand.queries import calls as queries
from procurement.demand.queries import lots as lot_queries
from procurement.demand.services.calls import must_be_draft
from procurement.tags import Tag

_STEP = Decimal("0.000000000001")
BEFORE_LOCK = frozenset({CallState.DRAFT, CallState.COLLECTING, CallState.REVIEWING})


@dataclass(frozen=True, slots=True)
class LotDraft:
    """A lot as entered; without classes the variety's own are taken, without specifications all of them."""

    variety_id: int
    volume_class: VolumeClass | None = None
    form_kind: FormKind | None = None
    specification_ids: frozenset[int] | None = None


def add_lots(session: Session, *, call_id: int, drafts: Sequence[LotDraft], actor: Actor, at: datetime) -> list[Lot]:
    """Add lots to a draft, numbered on from the last; refused as a whole with every variety that can't be one."""
    call = queries.held_call(session, call_id, actor)
    must_be_draft(call)
    present = lot_queries.lots(session, call_id)
    known = varieties.many(session, {draft.variety_id for draft in drafts})
    found = [(draft, known[draft.variety_id]) for draft in drafts]
    _must_be_usable(found, {lot.variety_id for lot in present})
    first = max((lot.number for lot in present), default=0) + 1
    added = [_lot(call, first + index, draft, variety) for index, (draft, variety) in enumerate(found)]
    session.add_all(added)
    session.flush()  # callers go on with their ids
    facts = {"lots": [{"number": lot.number, "variety": lot.variety.code} for lot in added]}
    record(session, Tag.DEMAND_LOTS_ADDED, call, actor, at, facts)
    return added


def _must_be_usable(found: Sequence[tuple[LotDraft, Variety]], present: Collection[int]) -> None:
    ids = [variety.id for _, variety in found]
    twice = [variety.name for _, variety in found if variety.id in present or ids.count(variety.id) > 1]
    if twice:
        raise Conflict("demand-lot-twice", varieties=tuple(dict.fromkeys(twice)))
    bare = [variety.name for draft, variety in found if variety.reference is None or not _chosen(draft, variety)]
    if bare:
        raise DomainError("demand-variety-without-reference", varieties=tuple(bare))


def _chosen(draft: LotDraft, variety: Variety) -> list[Specification]:
    wanted = draft.specification_ids
    return [each for each in variety.specifications if wanted is None or each.id in wanted or _always(each)]


def _always(each: Specification) -> bool:
    """The reference stays in, and so does every component: a system is priced whole."""
    return each.is_reference or each.part is Part.COMPONENT


def _lot(call: Call, number: int, draft: LotDraft, variety: Variety) -> Lot:
    return Lot(
        call=call, number=number, variety=variety, volume_class=draft.volume_class or variety.volume_class,
        form_kind=draft.form_kind or variety.form_group.kind,
        specifications=[_row(variety, each) for each in _chosen(draft, variety)],
    )  # fmt: skip


def _row(variety: Variety, specification: Specification) -> LotSpecification:
    price, volume = factors(variety, specification)
    return LotSpecification(
        specification=specification, price_factor=price, volume_factor=volume, is_reference=specification.is_reference
    )


def factors(variety: Variety, specification: Specification) -> tuple[Decimal, Decimal]:
    """Return price and volume factor to 12 decimals: stated ones as typed, others by the catalogue's rules."""
    reference = variety.reference
    if reference is None or specification.factors_stated:
        return specification.price_factor, specification.volume_factor
    if specification.is_reference or specification.strength == reference.strength:
        return Decimal(1), Decimal(1)
    pair = (rule(reference.strength, specification.strength) for rule in (price_factor, volume_factor))
    with working():
        price, volume = (factor.quantize(_STEP) for factor in pair)
    return price, volume


def change_lot(
    session: Session, *, call_id: int, lot_id: int, volume_class: VolumeClass, form_kind: FormKind,
    specification_ids: Collection[int], actor: Actor, at: datetime,
) -> Lot:  # fmt: skip
    """Change a draft's lot; the reference specification always stays in."""
    call = queries.held_call(session, call_id, actor)
    must_be_draft(call)
    lot = lot_queries.one_lot(session, call_id, lot_id)
    before = {**lot.snapshot(), "specifications": _texts(lot)}
    variety = varieties.one(session, lot.variety_id)
    lot.volume_class, lot.form_kind = volume_class, form_kind
    _choose(session, lot, variety, set(specification_ids))
    if changes := diff(before, {**lot.snapshot(), "specifications": _texts(lot)}):
        record(session, Tag.DEMAND_LOT_CHANGED, lot, actor, at, changes)
    return lot


def _choose(session: Session, lot: Lot, variety: Variety, wanted: set[int]) -> None:
    kept = [row for row in lot.specifications if _always(row.specification) or row.specification_id in wanted]
    for row in set(lot.specifications) - set(kept):
        session.delete(row)
    known = {row.specification_id for row in kept}
    new = [each for each in variety.specifications if each.id in wanted and each.id not in known]
    lot.specifications = kept + [_row(variety, each) for each in new]
    session.flush()


def _texts(lot: Lot) -> list[str]:
    return sorted(row.specification.text for row in lot.specifications)


def remove_lot(session: Session, *, call_id: int, lot_id: int, actor: Actor, at: datetime) -> None:
    """Take a lot out of a draft; the numbers after it move up."""
    call = queries.held_call(session, call_id, actor)
    must_be_draft(call)
    lot = lot_queries.one_lot(session, call_id, lot_id)
    name, number = lot.variety.name, lot.number
    for row in lot.specifications:
        session.delete(row)
    session.delete(lot)
    session.flush()
    for later in lot_queries.lots(session, call_id):
        if later.number > number:
            later.number -= 1
            session.flush()  # in order, so that no number stands twice on the way
    record(session, Tag.DEMAND_LOT_REMOVED, call, actor, at, {"number": number, "variety": name})


def set_caps(session: Session, *, call_id: int, caps: Mapping[int, Decimal | None], actor: Actor, at: datetime) -> int:
    """Set caps (yuan per unit) by lot specification, until the base is locked; return how many changed."""
    call = queries.held_call(session, call_id, actor)
    if call.state not in BEFORE_LOCK:
        raise Conflict("demand-caps-with-round", code=call.code)
    return _write_caps(session, call, caps, actor, at)


def set_caps_for_round(
    session: Session, *, call_id: int, caps: Mapping[int, Decimal | None], actor: Actor, at: datetime
) -> int:
    """Set caps for the round that grew from a collection; the round says until when it may."""
    return _write_caps(session, queries.held_call(session, call_id, actor), caps, actor, at)


def _write_caps(session: Session, call: Call, caps: Mapping[int, Decimal | None], actor: Actor, at: datetime) -> int:
    rows = {row.id: row for lot in lot_queries.lots(session, call.id) for row in lot.specifications}
    wrong = [cap for cap in caps.values() if cap is not None and (cap <= 0 or places(cap) > 4)]
    if wrong or set(caps) - set(rows):
        raise DomainError("demand-bad-cap", caps=tuple(format(cap, "f") for cap in wrong))
    changed = {}
    for row_id, cap in caps.items():
        row = rows[row_id]
        if row.cap != cap:
            place = f"{row.lot.number} {row.specification.text}"
            changed[place], row.cap = [row.cap, cap], cap
    if changed:
        record(session, Tag.DEMAND_CAPS_SET, call, actor, at, {"changed": changed})
    return len(changed)
