"""Write register rows in bulk; one event tells of a whole import, each row names it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.register.models import CodedDrug, LocalProduct
from catalogue.register.rules import class_of
from catalogue.search.services import Entry, outdate
from catalogue.search.sources.services import rows_of, source
from catalogue.tags import Tag
from catalogue.tallies.queries import counted
from catalogue.tallies.services import touch
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import Base, upsert

Columns = Mapping[str, Sequence[Any]]
Facts = Mapping[str, Any]


def put_drugs(
    session: Session, *, columns: Columns, import_id: int | None, actor: Actor, at: datetime, facts: Facts
) -> int:
    """Add or change drugs by their code; return how many rows changed."""
    return put_rows(session, CodedDrug, ("code",), columns, import_id, Tag.DRUGS_IMPORTED, actor, at, facts)


def put_local_products(
    session: Session, *, columns: Columns, import_id: int | None, actor: Actor, at: datetime, facts: Facts
) -> int:
    """Add or change products of local lists by list and local code; return how many rows changed."""
    key = ("list_name", "local_code")
    return put_rows(session, LocalProduct, key, columns, import_id, Tag.LOCAL_PRODUCTS_IMPORTED, actor, at, facts)


def put_rows(
    session: Session, model: type[Base], key: Sequence[str], columns: Columns, import_id: int | None, tag: Tag,
    actor: Actor, at: datetime, facts: Facts,
) -> int:  # fmt: skip
    """Add or change rows of a register by their key, with one event for all; return how many rows changed."""
    count = len(columns[key[0]])
    if not count:
        return 0
    table = model.__table__
    changed = upsert(session, table, key=key, columns={**columns, "import_id": [import_id] * count})
    session.expire_all()  # the bulk path went past the identity map
    first = session.scalars(select(model).where(*(table.c[name] == columns[name][0] for name in key))).one()
    touch(session, str(table.name))
    outdate(session, str(table.name), select(table.c.id).where(table.c.import_id == import_id))
    record(session, tag, first, actor, at, {**facts, "rows": count, "changed": changed})
    return changed


_DRUG = (
    "id", "code", "registered_name", "trade_name", "registered_form", "registered_spec", "actual_spec", "packaging",
    "pack_quantity", "company", "approval_number", "standard_code", "list_class", "list_name",
)  # fmt: skip
_LOCAL = (
    "id", "list_name", "local_code", "name", "trade_name", "specification", "form", "maker", "approval_number",
    "pack_quantity",
)  # fmt: skip


def drug_entries(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Return how coded drugs are found."""
    return {row.id: _drug(row) for row in rows_of(session, CodedDrug, _DRUG, ids)}


def _drug(row: Any) -> Entry:
    specification, class_code = row.actual_spec or row.registered_spec or "", class_of(row.code)
    return Entry(
        kind="coded_drug", title=row.registered_name,
        names=(row.registered_name, row.trade_name or "", row.list_name or ""),
        codes=(row.code, row.approval_number or "", row.standard_code or ""),
        detail=" ".join(filter(None, (specification, row.packaging, row.company))),
        others=(row.company, specification), classes=[class_code[:length] for length in (2, 4, 5, 6) if class_code],
        form=row.registered_form or "", maker=row.company, state=row.list_class or "",
        facts={
            "generic_name": row.list_name, "form": row.registered_form, "specification": specification,
            "pack": row.pack_quantity, "maker": row.company, "code": row.code,
            "approval": row.approval_number,
        },
    )  # fmt: skip


def local_entries(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Return how products of local lists are found."""
    return {row.id: _local(row) for row in rows_of(session, LocalProduct, _LOCAL, ids)}


def _local(row: Any) -> Entry:
    return Entry(
        kind="local_product", title=row.name, names=(row.name, row.trade_name or ""),
        codes=(row.local_code, row.approval_number or ""), form=row.form or "", maker=row.maker,
        classes=(row.list_name,),
        detail=" ".join(filter(None, (row.specification, row.maker, row.list_name))),
        others=(row.maker or "", row.specification or ""),
        facts={
            "form": row.form, "specification": row.specification, "maker": row.maker, "list": row.list_name,
            "local_code": row.local_code, "approval": row.approval_number,
            "pack": row.pack_quantity,
        },
    )  # fmt: skip


source("coded_drug", select(CodedDrug.id), drug_entries)
source("local_product", select(LocalProduct.id), local_entries)
counted("coded_drug", CodedDrug, **{"class": CodedDrug.list_class, "form": CodedDrug.registered_form})
counted("local_product", LocalProduct, list=LocalProduct.list_name)
