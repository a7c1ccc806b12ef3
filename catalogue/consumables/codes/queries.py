"""What consumables know about codes and their parts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.codes.queries import Found, lookup
from catalogue.codes.rules.kinds import CodeKind, PartName
from catalogue.codes.rules.reading import ParsedCode
from catalogue.codes.rules.structure import span, upto
from catalogue.consumables import queries
from catalogue.consumables.models import Consumable

BOTH = (CodeKind.CONSUMABLE, CodeKind.CONSUMABLE_MODEL)


@lookup(*BOTH, part=PartName.WHOLE)
def kept(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
    """Name the consumable under a code; a model is told by its product too."""
    found = session.scalars(select(Consumable).where(Consumable.code.in_([parsed.text, parsed.text[:20]])))
    return [_found(each) for each in found]


@lookup(CodeKind.UDI, part=PartName.WHOLE)
def of_identifier(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
    """Name the device and the consumables under a device identifier."""
    device = queries.device(session, parsed.text)
    told = [Found(" ".join(filter(None, (device.name, device.model))) or device.di, device.holder)] if device else []
    return [*told, *(_found(each) for each in queries.of_identifier(session, parsed.text, limit=20))]


@lookup(*BOTH, part=PartName.GENERIC_NAME)
def generic_name(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
    """Name the category that a code lies in."""
    found = queries.category(session, parsed.text)
    return [Found(found.name, found.code, "consumable_category", found.id)] if found else []


def _class(part: PartName, field: str) -> None:
    """Have a class told by any consumable that lies in it."""

    def find(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
        column = getattr(Consumable, field)
        inside = Consumable.code.between(*span(upto(parsed.text, part)))
        named = session.scalars(select(column).where(inside, column.is_not(None)).limit(1)).first()
        return [Found(named)] if named else []

    lookup(*BOTH, part=part)(find)


_class(PartName.FIELD, "class_1")
_class(PartName.USE, "class_2")
_class(PartName.SITE, "class_3")


def _of_code(part: PartName, field: str) -> None:
    """Have a part told by the consumable that is kept under the very code."""

    def find(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
        query = select(Consumable).where(Consumable.code.in_([parsed.text, parsed.text[:20]]))
        found = session.scalars(query.order_by(Consumable.code.desc())).first()
        text = getattr(found, field) if found else None
        return [Found(text)] if text else []

    lookup(*BOTH, part=part)(find)


_of_code(PartName.FEATURE, "feature")
_of_code(PartName.COMPANY, "company")


def _found(each: Consumable) -> Found:
    title = " ".join(filter(None, (each.generic_name, each.feature)))
    return Found(title, each.company, "consumable", each.id)
