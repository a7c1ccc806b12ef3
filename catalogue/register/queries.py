"""Find drugs of the register and products of local lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from catalogue.codes.rules.kinds import PartName
from catalogue.codes.rules.structure import span, upto
from catalogue.drugs.rules.codes import approval_key, spellings
from catalogue.register.models import CodedDrug, LocalProduct
from catalogue.search.lists import queries as lists
from catalogue.search.queries import matching_ids, search
from catalogue.search.rules.tokens import Filters
from catalogue.tallies import queries as tallies
from kernel.errors import NotFound
from kernel.paging import WINDOW, Page, turned

SORTS: dict[str, tuple[Any, ...]] = {
    "code": (CodedDrug.code,),
    "name": (CodedDrug.registered_name, CodedDrug.code),
    "company": (CodedDrug.company, CodedDrug.registered_name, CodedDrug.code),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list of drugs is narrowed to; `list_class` is 甲 or 乙, `class_code` a class of the national list."""

    text: str = ""
    list_class: str = ""
    form: str = ""
    maker: str = ""
    class_code: str = ""
    flags: Sequence[str] = ()

    @property
    def filters(self) -> Filters:
        """Return what the search is narrowed to."""
        return Filters(self.class_code, self.form, self.maker, self.flags, self.list_class)

    @property
    def narrowed(self) -> bool:
        """Say whether anything is asked for."""
        return bool(self.text.strip() or self.filters.ways([]))


def page(session: Session, asked: Asked, *, sort: str = "code", number: int = 1, size: int = 50) -> Page:
    """Return a page of the register; what is narrowed is found by the search, best matches first."""
    if asked.narrowed:
        found = lists.page(
            session, CodedDrug, asked.text, kind="coded_drug", filters=asked.filters, number=number, size=size
        )
        return found if found.exact else replace(found, **_known_total(session, asked))
    total = tallies.total(session, "coded_drug")
    return turned(session, drugs(sort=sort), number=number, size=size, total=total, window=WINDOW)


def _known_total(session: Session, asked: Asked) -> dict[str, Any]:
    """Return how many drugs have the one class or form that is asked for: these were counted."""
    for name, alone in (("class", Asked(list_class=asked.list_class)), ("form", Asked(form=asked.form))):
        if asked == alone:
            value = asked.list_class or asked.form
            count = tallies.of_values(session, "coded_drug", name, [value]).get(value, 0)
            return {"total": count, "exact": True} if count else {}
    return {}


def drugs(
    *,
    text: str = "",
    list_class: str = "",
    form: str = "",
    maker: str = "",
    class_code: str = "",
    flags: Sequence[str] = (),
    sort: str = "code",
) -> Select[CodedDrug]:  # fmt: skip
    """Return the query of all that a filter leaves, for exports."""
    query = select(CodedDrug)
    ids = matching_ids(text, kind="coded_drug", filters=Filters(flags=flags))
    if ids is not None:
        query = query.where(CodedDrug.id.in_(ids))
    elif text.strip():
        query = query.where(CodedDrug.id.is_(None))
    for column, wanted in (
        (CodedDrug.list_class, list_class), (CodedDrug.registered_form, form), (CodedDrug.company, maker)
    ):  # fmt: skip
        if wanted:
            query = query.where(column == wanted)
    if class_code:
        query = query.where(CodedDrug.code.between(*span(class_code)))
    columns = SORTS.get(sort.lstrip("-"), SORTS["code"])
    return query.order_by(*(column.desc() if sort.startswith("-") else column.asc() for column in columns))


def drug(session: Session, code: str) -> CodedDrug:
    """Return a drug by its code, or NotFound."""
    found = session.scalars(select(CodedDrug).where(CodedDrug.code == code)).one_or_none()
    if found is None:
        raise NotFound(drug=code)
    return found


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes a drug: how many packs of it have a code, and one of them."""

    company: str
    packs: int
    code: str
    name: str


def makers(session: Session, found: CodedDrug, limit: int = 100) -> Sequence[Maker]:
    """Return who has codes for the same generic name: class and name of the code, or the registered name."""
    named = func.min(CodedDrug.code), func.min(CodedDrug.registered_name)
    query = select(CodedDrug.company, func.count(), *named).where(_alike(found)).group_by(CodedDrug.company)
    return [Maker(*row) for row in session.execute(query.order_by(CodedDrug.company).limit(limit))]


def packs(session: Session, found: CodedDrug, limit: int = 50) -> Sequence[CodedDrug]:
    """Return the same maker's other packs of the same generic name."""
    query = select(CodedDrug).where(CodedDrug.company == found.company, CodedDrug.id != found.id, _alike(found))
    return session.scalars(query.order_by(CodedDrug.code).limit(limit)).all()


def _alike(found: CodedDrug) -> ColumnElement[bool]:
    begins = upto(found.code, PartName.NAME)
    same = CodedDrug.registered_name == found.registered_name
    return same if begins == found.code else or_(same, CodedDrug.code.between(*span(begins)))


def of_approval(session: Session, approval: str, limit: int = 50) -> Sequence[CodedDrug]:
    """Return the drugs under an approval number."""
    query = select(CodedDrug).where(CodedDrug.approval_number.in_(spellings(approval)))
    return session.scalars(query.order_by(CodedDrug.code).limit(limit)).all()


def local_of(session: Session, codes: Sequence[str], approval: str | None, limit: int = 50) -> Sequence[LocalProduct]:
    """Return products of local lists that name one of the codes or the approval number, alone or among others."""
    wanted: ColumnElement[bool] = LocalProduct.drug_code.in_(codes)
    if number := approval_key(approval):
        hits = search(session, number, kind="local_product", limit=limit)
        near = LocalProduct.id.in_([hit.subject_id for hit in hits])
        wanted = or_(wanted, LocalProduct.approval_number.in_(spellings(approval)), near)
    query = select(LocalProduct).where(wanted).order_by(LocalProduct.list_name, LocalProduct.local_code)
    return session.scalars(query.limit(limit)).all()


def local_page(session: Session, *, text: str = "", list_name: str = "", number: int = 1, size: int = 50) -> Page:
    """Return a page of the products of local lists."""
    if text.strip():
        return lists.page(
            session, LocalProduct, text, kind="local_product", filters=Filters(list_name), number=number, size=size
        )
    total = tallies.total(session, "local_product")
    if list_name:
        total = tallies.of_values(session, "local_product", "list", [list_name]).get(list_name, 0)
    return turned(session, local_products(list_name=list_name), number=number, size=size, total=total, window=WINDOW)


def local_products(*, text: str = "", list_name: str = "") -> Select[LocalProduct]:
    """Return the query of all that a filter leaves, for exports."""
    query = select(LocalProduct)
    ids = matching_ids(text, kind="local_product")
    if ids is not None:
        query = query.where(LocalProduct.id.in_(ids))
    elif text.strip():
        query = query.where(LocalProduct.id.is_(None))
    if list_name:
        query = query.where(LocalProduct.list_name == list_name)
    return query.order_by(LocalProduct.list_name, LocalProduct.local_code)


def list_names(session: Session) -> Sequence[str]:
    """Return the names of the local lists."""
    return sorted(name for name, _count in tallies.by_value(session, "local_product", "list", most=5_000))


def classes(session: Session) -> Sequence[tuple[str, int]]:
    """Return the list classes that occur, with their counts."""
    return tallies.by_value(session, "coded_drug", "class")


def forms(session: Session) -> Sequence[tuple[str, int]]:
    """Return the most frequent forms, with their counts."""
    return tallies.by_value(session, "coded_drug", "form")
