"""Set up and change varieties and their specifications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Specification, Variety
from catalogue.drugs.queries import varieties as queries
from catalogue.drugs.rules.codes import Part, VarietyKind, VolumeClass, category_code
from catalogue.drugs.rules.drafts import SpecificationDraft, factors, read, rebased
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.services import findable
from catalogue.tags import Tag
from kernel.audit.changes import diff
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.errors import Conflict, DomainError

Origin = Mapping[str, object]
CONSUMABLES = "医用耗材"
"""The form group of every consumable; no page shows it."""
TYPED: Origin = MappingProxyType({})
"""Where rows of a file came from goes into the audit event; what was typed into a form has no origin."""


def create_variety(
    session: Session, *, code: str, generic_name: str, form_group: str, form_kind: FormKind, actor: Actor, at: datetime,
    strength_group: str = "", volume_class: VolumeClass = VolumeClass.GENERAL, english: str = "",
    origin: Origin = TYPED,
) -> Variety:  # fmt: skip
    """Add a variety; its generic name and form group are added where they are new."""
    _must_be_free(session, code)
    name = _generic_name(session, generic_name, english)
    group = ensure_form_group(session, name=form_group, kind=form_kind)
    variety = Variety(
        code=code, generic_name=name, form_group=group, strength_group=strength_group, volume_class=volume_class,
        specifications=[],
    )  # fmt: skip
    known = select(Variety.code).where(
        Variety.generic_name_id == name.id, Variety.form_group_id == group.id, Variety.strength_group == strength_group
    )
    if other := session.scalar(known):
        raise Conflict("variety-exists", name=variety.name, code=other)
    session.add(variety)
    session.flush()  # the search entry needs the id
    findable.show(session, findable.varieties, variety.id)
    record(session, Tag.VARIETY_CREATED, variety, actor, at, {**origin, "code": code, "name": variety.name})
    return variety


def create_consumable(
    session: Session, *, code: str, name: str, category: str = "", group: str = "", english: str = "", actor: Actor,
    at: datetime, origin: Origin = TYPED,
) -> Variety:  # fmt: skip
    """Add a consumable that is procured as one; `group` parts those of one name (材质, 固定方式)."""
    category = category_code(category) if category else ""
    found = create_variety(
        session, code=code, generic_name=name, form_group=CONSUMABLES, form_kind=FormKind.OTHER, strength_group=group,
        english=english, actor=actor, at=at, origin={**origin, "kind": VarietyKind.CONSUMABLE, "category": category},
    )  # fmt: skip
    found.kind, found.category = VarietyKind.CONSUMABLE, category
    findable.show(session, findable.varieties, found.id)
    return found


def change_variety(
    session: Session, *, variety_id: int, version: int | None = None, code: str, strength_group: str,
    volume_class: VolumeClass, category: str = "", actor: Actor, at: datetime, origin: Origin = TYPED,
) -> Variety:  # fmt: skip
    """Change a variety's number, strength group, volume class, or a consumable's category."""
    variety = queries.one(session, variety_id)
    must_be_current(version, variety.version)
    if code != variety.code:
        _must_be_free(session, code)
    before = variety.snapshot()
    variety.code, variety.strength_group, variety.volume_class = code, strength_group, volume_class
    if variety.is_consumable:
        variety.category = category_code(category) if category else ""
    findable.show(session, findable.varieties, variety.id)
    changes = diff(before, variety.snapshot())
    if changes:
        record(session, Tag.VARIETY_CHANGED, variety, actor, at, {**origin, **changes})
    return variety


def add_specification(
    session: Session,
    *,
    variety_id: int,
    draft: SpecificationDraft,
    actor: Actor,
    at: datetime,
    origin: Origin = TYPED,
) -> Specification:
    """Add a specification; the first of a variety is its reference."""
    variety = queries.one(session, variety_id)
    _must_be_new(variety, draft, None)
    _must_fit(variety, draft, None)
    read(draft)  # a text nobody can read becomes the reference only where somebody says so
    draft = replace(draft, is_reference=draft.is_reference or variety.reference is None)
    specification = Specification(is_reference=False)
    _fill(variety, specification, draft)
    variety.specifications.append(specification)
    if draft.is_reference:
        _make_reference(session, variety, specification)
    session.flush()  # the order of the variety's specifications follows the stored factors
    record(
        session,
        Tag.SPECIFICATION_ADDED,
        specification,
        actor,
        at,
        {**origin, "text": draft.text, "variety": variety.code},
    )
    return specification


def change_specification(
    session: Session, *, specification_id: int, version: int | None = None, draft: SpecificationDraft, actor: Actor,
    at: datetime, origin: Origin = TYPED,
) -> Specification:  # fmt: skip
    """Change a specification; where the reference changes, the factors of all others follow."""
    specification = queries.specification(session, specification_id)
    variety = specification.variety
    must_be_current(version, specification.version)
    _must_be_new(variety, draft, specification)
    _must_fit(variety, draft, specification)
    draft = replace(draft, is_reference=draft.is_reference or specification.is_reference)
    before = {each.id: each.snapshot() for each in variety.specifications}
    _fill(variety, specification, draft)
    if draft.is_reference and not specification.is_reference:
        _make_reference(session, variety, specification)
    elif specification.is_reference:
        _follow_reference(variety)
    for each in variety.specifications:
        changes = diff(before[each.id], each.snapshot())
        if changes:
            record(session, Tag.SPECIFICATION_CHANGED, each, actor, at, {**origin, **changes})
    return specification


def ensure_form_group(session: Session, *, name: str, kind: FormKind) -> FormGroup:
    """Return the form group of that name, added where it is new; a known one of another kind is refused."""
    group = session.scalars(select(FormGroup).where(FormGroup.name == name)).one_or_none()
    if group is None:
        group = FormGroup(name=name, kind=kind)
        session.add(group)
        session.flush()  # the unique test of varieties needs the id
    elif group.kind is not kind:
        raise Conflict("form-group-kind", name=name, kind=group.kind)
    return group


def must_be_current(seen: int | None, stored: int) -> None:
    """Refuse a save that was begun before somebody else's."""
    if seen is not None and seen != stored:
        raise Conflict("changed-meanwhile")


def _generic_name(session: Session, name: str, english: str) -> GenericName:
    found = session.scalars(select(GenericName).where(GenericName.name == name)).one_or_none()
    if found is None:
        found = GenericName(name=name, english=english)
        session.add(found)
        session.flush()  # the unique test of varieties needs the id
    elif english and not found.english:
        found.english = english
    return found


def _must_be_free(session: Session, code: str) -> None:
    if session.scalar(select(Variety.id).where(Variety.code == code)) is not None:
        raise Conflict("variety-code-taken", code=code)


def _must_be_new(variety: Variety, draft: SpecificationDraft, mine: Specification | None) -> None:
    for each in variety.specifications:
        if each is not mine and (each.text, each.form) == (draft.text, draft.form):
            raise Conflict("specification-exists", text=draft.text, form=draft.form)


def _must_fit(variety: Variety, draft: SpecificationDraft, mine: Specification | None) -> None:
    """A drug has dosage forms and no parts; a consumable is one system of components or products of their own."""
    if variety.is_consumable is not (draft.form is Form.DEVICE):
        raise DomainError("not-this-kind", text=draft.text, variety=variety.name)
    others = [each for each in variety.specifications if each is not mine]
    parts = {each.part for each in others} | {draft.part}
    if not variety.is_consumable and draft.part is not Part.PRODUCT:
        raise DomainError("not-this-kind", text=draft.text, variety=variety.name)
    if {Part.PRODUCT, Part.COMPONENT} <= parts:
        raise DomainError("parts-mixed", text=draft.text, variety=variety.name)
    if draft.part is Part.SERVICE:
        first = variety.reference is None or variety.reference is mine or draft.is_reference
        if first or any(each.part is Part.SERVICE for each in others):
            raise DomainError("service-out-of-place", text=draft.text, variety=variety.name)


def _fill(variety: Variety, specification: Specification, draft: SpecificationDraft) -> None:
    """Write what the draft says, and its factors against the present reference."""
    found = read(draft)
    parts, fill = found.strength.components, found.strength.fill
    specification.text, specification.form, specification.part = draft.text, draft.form, draft.part
    specification.content = parts[0].value if len(parts) == 1 else None
    specification.content_unit = parts[0].unit if len(parts) == 1 else ""
    specification.components = ":".join(map(str, parts)) if len(parts) > 1 else ""
    specification.fill, specification.fill_unit = (fill.value, fill.unit) if fill else (None, "")
    specification.pack, specification.unit, specification.sugar_free = found.pack, found.unit, found.sugar_free
    specification.factors_stated = draft.stated is not None
    reference = variety.reference
    if draft.stated is not None:
        pair = draft.stated
    elif reference is None or draft.is_reference:
        pair = factors(found.strength, found.strength)
    else:
        pair = factors(reference.strength, found.strength)
    specification.price_factor, specification.volume_factor = pair


def _make_reference(session: Session, variety: Variety, specification: Specification) -> None:
    """Move the reference; stated factors are divided by the new reference's, computed ones computed anew."""
    old = variety.reference
    if old is not None:
        by_price, by_volume = _against(old, specification)
        old.is_reference = False
        session.flush()  # only one reference a variety, also in between
        for each in variety.specifications:
            each.price_factor = rebased(each.price_factor, reference=by_price)
            each.volume_factor = rebased(each.volume_factor, reference=by_volume)
            each.factors_stated = each.factors_stated or specification.factors_stated
    specification.is_reference = True
    _follow_reference(variety)


def _against(old: Specification, new: Specification) -> tuple[Decimal, Decimal]:
    """Return the factors of the coming reference against the old one."""
    if new.factors_stated:
        return new.price_factor, new.volume_factor
    return factors(old.strength, new.strength)


def _follow_reference(variety: Variety) -> None:
    reference = variety.reference
    if reference is None:
        return
    reference.price_factor = reference.volume_factor = Decimal(1)
    reference.factors_stated = False
    for each in variety.specifications:
        if each is not reference and not each.factors_stated:
            each.price_factor, each.volume_factor = factors(reference.strength, each.strength)
