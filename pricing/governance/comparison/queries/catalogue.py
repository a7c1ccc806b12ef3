"""What written products are matched with: the catalogue's products by name and by code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import GenericName, Product, Specification, Variety
from catalogue.drugs.rules.codes import approval_key, spellings
from catalogue.drugs.rules.forms import Form
from catalogue.drugs.rules.relations import plain_name
from catalogue.register.models import CodedDrug
from kernel.parties.models import Organisation
from kernel.sets import among
from pricing.governance.comparison.rules.matching import Known, Pair, without_pack


def by_name(session: Session, names: Collection[str]) -> dict[str, list[Known]]:
    """Return the catalogue's products by folded name, registered or generic, of those that are asked for."""
    wanted = {plain_name(one) for one in names if one}
    found: dict[str, list[Known]] = defaultdict(list)
    if not wanted:
        return found
    columns = (
        Specification.id, Product.company_id, Product.registered_name, GenericName.name, Organisation.name,
        Organisation.short_name, Specification.form, Specification.text,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Specification, Specification.id == Product.specification_id)
        .join(Variety, Variety.id == Specification.variety_id)
        .join(GenericName, GenericName.id == Variety.generic_name_id)
        .join(Organisation, Organisation.id == Product.company_id)
        .where(Specification.form != Form.DEVICE)
        .distinct()
    )
    for specification, company, registered, generic, maker, short, form, text in session.execute(query):
        called = frozenset({plain_name(registered), plain_name(generic)})
        for name in called & wanted:
            makers = frozenset(plain_name(one) for one in (maker, short) if one)
            found[name].append(Known((specification, company), called, makers, form, text))
    return found


def by_code(session: Session, codes: Collection[str]) -> dict[str, set[Pair]]:
    """Return the pairs that national codes lead to: by the register and its approval numbers, or as standard codes."""
    wanted = {code: without_pack(code) for code in codes if code}
    if not wanted:
        return {}
    approvals = dict(_approvals(session, wanted))
    pairs = _of_approvals(session, {one for numbers in approvals.values() for one in numbers})
    found = {code: {pair for number in approvals.get(short, ()) for pair in pairs.get(number, ())}
             for code, short in wanted.items()}  # fmt: skip
    query = select(Product.standard_code, Product.specification_id, Product.company_id)
    for code, specification, company in session.execute(query.where(among(Product.standard_code, sorted(wanted)))):
        found[str(code)].add((specification, company))
    return found


def _approvals(session: Session, wanted: Mapping[str, str]) -> Iterator[tuple[str, set[str]]]:
    """Yield by code without its pack the approval numbers of the register's drugs."""
    short = func.substr(CodedDrug.code, 1, 16).concat(func.substr(CodedDrug.code, 19))
    shorts = set(wanted.values())
    query = select(CodedDrug.code, CodedDrug.approval_number).where(
        among(CodedDrug.code, sorted(wanted)) | among(short, sorted(shorts)), CodedDrug.approval_number.is_not(None)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for code, number in session.execute(query):
        found[without_pack(code)].add(approval_key(number))
    yield from found.items()


def _of_approvals(session: Session, numbers: Collection[str]) -> dict[str, set[Pair]]:
    found: dict[str, set[Pair]] = defaultdict(set)
    written = sorted({text for number in numbers if number for text in spellings(number)})
    query = select(Product.approval_number, Product.specification_id, Product.company_id)
    for number, specification, company in session.execute(query.where(among(Product.approval_number, written))):
        found[approval_key(number)].add((specification, company))
    return found


def described(session: Session, pairs: Sequence[Pair]) -> list[Product]:
    """Return a product of each pair, to be shown beside what was written."""
    query = select(Product).where(among(Product.specification_id, sorted({pair[0] for pair in pairs})))
    held: dict[Pair, Product] = {}
    for one in session.scalars(query.order_by(Product.id.desc())):
        held[one.specification_id, one.company_id] = one
    return [held[pair] for pair in pairs if pair in held]
