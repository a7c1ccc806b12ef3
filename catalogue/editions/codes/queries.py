"""What the national list's tree of classes knows about the codes of drugs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.codes.queries import Found, lookup
from catalogue.codes.rules.kinds import CodeKind, PartName
from catalogue.codes.rules.reading import ParsedCode
from catalogue.codes.rules.structure import upto
from catalogue.editions.flow import EditionState
from catalogue.editions.models import Edition, ListClass
from catalogue.editions.rules.parts import ancestors


@lookup(CodeKind.WESTERN, CodeKind.PATENT, part=PartName.CLASS)
def classes(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
    """Name the classes that a code lies in, the widest first, as the newest issued edition calls them."""
    code = upto(parsed.text, PartName.CLASS)[: 1 + 5]
    newest = select(Edition.id).where(Edition.state != EditionState.DRAFT).order_by(Edition.valid_from.desc()).limit(1)
    query = select(ListClass).where(
        ListClass.edition_id == newest.scalar_subquery(), ListClass.code.in_((code, *ancestors(code)))
    )
    found = {each.code: each for each in session.scalars(query.order_by(ListClass.id.desc()))}
    return [Found(found[each].name, each, "list_class", found[each].id) for each in sorted(found, key=len)]
