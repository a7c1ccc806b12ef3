"""Groups of the same product: those of the catalogue, set by set, and those of products it does not hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import String, case, cast, delete, insert, literal, null, select
from sqlalchemy.orm import Session, aliased

from catalogue.drugs.models import GenericName, Product, Specification, Variety
from catalogue.drugs.rules.forms import INJECTIONS, Form, chinese_name
from kernel.columns import Code
from kernel.db import MANY
from kernel.parties.models import Organisation
from kernel.sets import among, learn, put
from pricing.governance.comparison.flow import Same
from pricing.governance.comparison.models import SameGroup, SameMember
from pricing.governance.comparison.rules.matching import Pair, Written, injected, key

_NAMES = ("same", "key", "parent_id", "name", "maker", "form", "specification", "specification_id", "company_id")
_FORMS = {form: chinese_name(form) for form in Form}


def catch_up(session: Session) -> set[int]:
    """Make the groups that the catalogue's products lack, put its products where they belong now.

    Return the groups that products left or came to.
    """
    session.flush()  # what the verb before has changed is read here in sets
    if _count(session, _three()) + _count(session, _four()) > MANY:
        learn(session, SameGroup.__table__)
    group = select(SameGroup.id).join(Product, Product.specification_id == SameGroup.specification_id).where(
        SameGroup.id == SameMember.group_id, Product.id == SameMember.product_id,
        Product.company_id == SameGroup.company_id,
    )  # fmt: skip
    touched = set(session.scalars(select(SameMember.group_id).where(~group.exists()).distinct()))
    session.execute(delete(SameMember).where(~group.exists()).execution_options(synchronize_session=False))
    belongs = (SameGroup.specification_id == Product.specification_id) & (SameGroup.company_id == Product.company_id)
    held = select(SameMember.product_id).where(SameMember.product_id == Product.id)
    missing = select(Product.id, SameGroup.id).join(SameGroup, belongs).where(~held.exists())
    touched |= set(session.scalars(missing.with_only_columns(SameGroup.id).distinct()))
    if _count(session, insert(SameMember).from_select(("product_id", "group_id"), missing)) > MANY:
        learn(session, SameMember.__table__)
    return touched


def _count(session: Session, statement: Any) -> int:
    """Execute a statement and return how many rows it wrote."""
    done: Any = session.execute(statement)
    return int(done.rowcount)


def _shown() -> Any:
    return case(_FORMS, value=Specification.form, else_="")


def _code(same: Same) -> Any:
    return literal(same, Code(Same))


def _three() -> Any:
    """Insert the three-same groups of injections that there are none of yet."""
    held = select(SameGroup.id).where(SameGroup.specification_id == Specification.id, SameGroup.same == Same.THREE)
    rows = (
        select(
            _code(Same.THREE), literal("c").concat(cast(Specification.id, String)), null(), GenericName.name,
            literal(""), _shown(), Specification.text, Specification.id, null(),
        )
        .join(Variety, Variety.id == Specification.variety_id)
        .join(GenericName, GenericName.id == Variety.generic_name_id)
        .where(Specification.form.in_(sorted(INJECTIONS)), ~held.exists())
    )  # fmt: skip
    return insert(SameGroup).from_select(_NAMES, rows)


def _four() -> Any:
    """Insert the four-same groups of specifications and companies that there are none of yet."""
    parent, one = aliased(SameGroup), aliased(SameGroup)
    pairs = select(Product.specification_id, Product.company_id).distinct().subquery()
    held = select(one.id).where(
        one.specification_id == pairs.c.specification_id, one.company_id == pairs.c.company_id, one.same == Same.FOUR
    )
    names = literal("c").concat(cast(pairs.c.specification_id, String)).concat("/")
    rows = (
        select(
            _code(Same.FOUR), names.concat(cast(pairs.c.company_id, String)), parent.id, GenericName.name,
            Organisation.name, _shown(), Specification.text, pairs.c.specification_id, pairs.c.company_id,
        )
        .select_from(pairs)
        .join(Specification, Specification.id == pairs.c.specification_id)
        .join(Variety, Variety.id == Specification.variety_id)
        .join(GenericName, GenericName.id == Variety.generic_name_id)
        .join(Organisation, Organisation.id == pairs.c.company_id)
        .outerjoin(parent, (parent.specification_id == pairs.c.specification_id) & (parent.same == Same.THREE))
        .where(Specification.form != Form.DEVICE, ~held.exists())
    )  # fmt: skip
    return insert(SameGroup).from_select(_NAMES, rows)


def of_pairs(session: Session, pairs: Sequence[Pair]) -> dict[Pair, int]:
    """Return the four-same groups of pairs of the catalogue."""
    query = select(SameGroup.specification_id, SameGroup.company_id, SameGroup.id).where(
        SameGroup.same == Same.FOUR, among(SameGroup.specification_id, sorted({pair[0] for pair in pairs}))
    )
    return {(int(row[0] or 0), int(row[1] or 0)): row[2] for row in session.execute(query)}


def of_names(session: Session, written: Mapping[str, tuple[Written, int | None]]) -> dict[str, int]:
    """Return groups of products that the catalogue does not hold, by digest, making those that are missing.

    Beside each product stands the specification that is the same but for the maker, where the catalogue has one.
    """
    known = _of_specifications(session, [alike for _one, alike in written.values() if alike is not None])
    named = {key(one, maker=False): one for one, alike in written.values() if alike not in known and injected(one)}
    three = _put(session, Same.THREE, [_row(Same.THREE, text, one, None) for text, one in named.items()])
    rows = {}
    for one, alike in written.values():
        parent = known[alike] if alike in known else three.get(key(one, maker=False))
        rows[key(one, maker=True)] = _row(Same.FOUR, key(one, maker=True), one, parent)
    four = _put(session, Same.FOUR, list(rows.values()))
    return {digest: four[key(one, maker=True)] for digest, (one, _alike) in written.items()}


def _of_specifications(session: Session, ids: Sequence[int]) -> dict[int | None, int]:
    query = select(SameGroup.specification_id, SameGroup.id).where(
        SameGroup.same == Same.THREE, among(SameGroup.specification_id, sorted(set(ids)))
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _row(same: Same, text: str, one: Written, parent: int | None) -> dict[str, Any]:
    maker = one.maker if same is Same.FOUR else ""
    return {"same": same, "key": text, "parent_id": parent, "name": one.name or one.code, "maker": maker,
            "form": one.form, "specification": one.specification}  # fmt: skip


def _put(session: Session, same: Same, rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    put(session, SameGroup.__table__, key=("same", "key"), rows=sorted(rows, key=lambda row: row["key"]))
    query = select(SameGroup.key, SameGroup.id).where(SameGroup.same == same)
    return {row[0]: row[1] for row in session.execute(query.where(among(SameGroup.key, [row["key"] for row in rows])))}
