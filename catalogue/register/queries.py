"""Find drugs of the register and products of local lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from catalogue.codes.queries import Found, lookup
from catalogue.codes.rules.kinds import CodeKind, PartName
from catalogue.codes.rules.reading import ParsedCode
from catalogue.register.models import CodedDrug, LocalProduct
from catalogue.register.rules import approval_key
from kernel.errors import NotFound

SORTS: dict[str, tuple[Any, ...]] = {
    "code": (CodedDrug.code,),
    "name": (CodedDrug.registered_name, CodedDrug.code),
    "company": (CodedDrug.company, CodedDrug.registered_name, CodedDrug.code),
}


def drugs(*, text: str = "", list_class: str = "", form: str = "", sort: str = "code") -> Select[CodedDrug]:
    """Return the query of the register's list."""
    query = select(CodedDrug)
    if text:
        query = query.where(_holds(text))
    if list_class:
        query = query.where(CodedDrug.list_class == list_class)
    if form:
        query = query.where(CodedDrug.registered_form == form)
    columns = SORTS.get(sort.lstrip("-"), SORTS["code"])
    return query.order_by(*(column.desc() if sort.startswith("-") else column.asc() for column in columns))


def _holds(text: str) -> ColumnElement[bool]:
    columns = (CodedDrug.registered_name, CodedDrug.trade_name, CodedDrug.company, CodedDrug.approval_number)
    found = [column.icontains(text, autoescape=True) for column in columns]
    return or_(CodedDrug.code.startswith(text.upper(), autoescape=True), *found)


def drug(session: Session, code: str) -> CodedDrug:
    """Return a drug by its code, or NotFound."""
    found = session.scalars(select(CodedDrug).where(CodedDrug.code == code)).one_or_none()
    if found is None:
        raise NotFound(drug=code)
    return found


def same_name(session: Session, found: CodedDrug, limit: int = 50) -> Sequence[CodedDrug]:
    """Return other makers' packs of the same registered name."""
    others = select(CodedDrug).where(CodedDrug.registered_name == found.registered_name, CodedDrug.id != found.id)
    return session.scalars(others.order_by(CodedDrug.company, CodedDrug.code).limit(limit)).all()


def local_of(session: Session, found: CodedDrug, limit: int = 50) -> Sequence[LocalProduct]:
    """Return products of local lists that name the drug's code or its approval number."""
    wanted = LocalProduct.drug_code == found.code
    number = approval_key(found.approval_number)
    if number:
        wanted = or_(wanted, LocalProduct.approval_number.contains(number, autoescape=True))
    query = select(LocalProduct).where(wanted).order_by(LocalProduct.list_name, LocalProduct.local_code)
    return session.scalars(query.limit(limit)).all()


def local_products(*, text: str = "", list_name: str = "") -> Select[LocalProduct]:
    """Return the query of the list of local products."""
    query = select(LocalProduct)
    if text:
        columns = (LocalProduct.name, LocalProduct.trade_name, LocalProduct.maker, LocalProduct.local_code)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if list_name:
        query = query.where(LocalProduct.list_name == list_name)
    return query.order_by(LocalProduct.list_name, LocalProduct.local_code)


def list_names(session: Session) -> Sequence[str]:
    """Return the names of the local lists."""
    return session.scalars(select(LocalProduct.list_name).distinct().order_by(LocalProduct.list_name)).all()


def classes(session: Session) -> Sequence[tuple[str, int]]:
    """Return the list classes that occur, with their counts."""
    query = select(CodedDrug.list_class, func.count()).where(CodedDrug.list_class.is_not(None))
    return [(name or "", count) for name, count in session.execute(query.group_by(CodedDrug.list_class))]


@lookup(CodeKind.WESTERN, CodeKind.PATENT, CodeKind.GRANULES, CodeKind.STANDARD, part=PartName.WHOLE)
def coded(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
    """Name the drugs of the register under a code."""
    column = CodedDrug.standard_code if parsed.kind is CodeKind.STANDARD else CodedDrug.code
    found = session.scalars(select(CodedDrug).where(column == parsed.text).order_by(CodedDrug.code).limit(20))
    return [
        Found(f"{each.registered_name} {each.actual_spec or each.registered_spec or ''}".strip(), each.company,
              "coded_drug", each.id)
        for each in found
    ]  # fmt: skip


@lookup(CodeKind.WESTERN, CodeKind.PATENT, part=PartName.NAME)
def coded_names(session: Session, parsed: ParsedCode, _value: str) -> Sequence[Found]:
    """Name a few registered names whose codes begin alike up to the name."""
    end = next(part.end for part in parsed.parts if part.name is PartName.NAME)
    alike = CodedDrug.code.startswith(parsed.text[:end], autoescape=True)
    names = select(CodedDrug.registered_name).where(alike).distinct().order_by(CodedDrug.registered_name).limit(3)
    return [Found(name) for name in session.scalars(names)]
