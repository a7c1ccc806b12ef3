"""How varieties, products, companies and hospitals are found and shown in lists of hits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from catalogue.drugs.models import GenericName, Product, Specification, Variety
from catalogue.drugs.rules.codes import OFF, ON
from catalogue.drugs.rules.forms import chinese_name
from catalogue.search.services import Entry, index_entries
from catalogue.search.sources.services import source
from catalogue.tallies.queries import counted
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation

_PRODUCTS: Select[*tuple[Any, ...]] = (
    select(
        Product.id, Product.registered_name, Product.trade_name, Product.approval_number, Product.standard_code,
        Product.pack, Product.active, Specification.text, Specification.form, Specification.variety_id,
        Organisation.id.label("maker"),
        Organisation.name.label("maker_name"), Organisation.short_name, GenericName.name.label("generic_name"),
    )
    .select_from(Product).join(Product.company).join(Product.specification).join(Specification.variety)
    .join(Variety.generic_name)
)  # fmt: skip


def products(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Return the entries of products."""
    return {row.id: _product(row) for row in _rows(session, _PRODUCTS, Product.id, ids)}


def _product(row: Row[*tuple[Any, ...]]) -> Entry:
    return Entry(
        kind="product", title=row.registered_name, names=(row.registered_name, row.trade_name, row.generic_name),
        codes=(row.approval_number, row.standard_code or ""), detail=f"{row.text}×{row.pack} {row.maker_name}",
        others=(row.maker_name, row.short_name, row.text), form=row.form.value, maker=row.maker,
        state=ON if row.active else OFF,
        facts={
            "generic_name": row.generic_name, "form": chinese_name(row.form), "specification": row.text,
            "pack": row.pack, "maker": row.maker_name, "approval": row.approval_number,
        },
    )  # fmt: skip


def varieties(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    """Return the entries of varieties."""
    found = (row[0] for row in _rows(session, select(Variety), Variety.id, ids))
    return {variety.id: _variety(variety) for variety in found}


def _variety(variety: Variety) -> Entry:
    name = variety.generic_name
    return Entry(
        kind="variety", title=variety.name, names=(variety.name, name.name), codes=(variety.code,),
        detail=variety.code, others=(name.english,), form=variety.form_group.kind.value,
    )  # fmt: skip


def organisation(row: Organisation) -> Entry:
    """Return the entry of an organisation, which several packages write."""
    return Entry(
        kind=row.kind.value, title=row.name, detail=row.code, names=(row.name, row.short_name or ""), codes=(row.code,)
    )


def _organisations(session: Session, ids: Sequence[int]) -> dict[int, Entry]:
    found = (row[0] for row in _rows(session, select(Organisation), Organisation.id, ids))
    return {each.id: organisation(each) for each in found}


def _rows(
    session: Session, query: Select[*tuple[Any, ...]], id_: Any, ids: Iterable[int]
) -> list[Row[*tuple[Any, ...]]]:
    """Return the rows of some ids: in one pass where they are many."""
    wanted = list(ids)
    if len(wanted) <= 500:
        return list(session.execute(query.where(id_.in_(wanted))).unique())
    chosen = query.where(id_.between(min(wanted), max(wanted)))
    keep = set(wanted)
    return [row for row in session.execute(chosen).unique() if getattr(row[0], "id", row[0]) in keep]


def show(session: Session, entries: Callable[[Session, Sequence[int]], Mapping[int, Entry]], *ids: int) -> None:
    """Make records findable that were just written."""
    session.flush()  # entries are read from the database
    index_entries(session, entries(session, ids))


counted("product", Product)
source("variety", select(Variety.id), varieties)
source("product", select(Product.id), products)
for _kind in OrganisationKind:
    source(_kind.value, select(Organisation.id).where(Organisation.kind == _kind), _organisations)
