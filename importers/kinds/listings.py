"""Prices of products by region and kind; the export of the list comes back as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from catalogue.drugs.queries import products
from importers.columns import Choice, Column, ColumnKind, Plan, Planned, Row, Rows
from importers.kinds._products import PRODUCT
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.parties import regions
from kernel.parties.models import Region
from kernel.policy import covers
from pricing.credit.acting.queries import unlisted
from pricing.listings import queries
from pricing.listings.flow import ListingKind
from pricing.listings.rules import KIND_WORDS, Change, Current, NewListing, change, faults
from pricing.listings.services import list_products

KINDS = tuple(Choice(kind.value, KIND_WORDS[kind], kind.value) for kind in ListingKind)
FIELDS = ("product_id", "region_code", "kind", "price", "starts", "ends", "reason")


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Find each row's product, and compare its price with the one that stands."""
    out = Plan()
    found = _read(session, rows, out, actor, at)
    standing = queries.current(session, [new for _row, new in found]) if found else {}
    fresh = {(new.product_id, new.region_code) for _row, new in found if new.key not in standing}
    barred = unlisted(session, fresh, products.makers(session, {one for one, _region in fresh}), at)
    for row, new in found:
        current = standing.get(new.key)
        wrong = [row.issue(fault.code, fault.field, **fault.facts) for fault in faults(new, current)]
        if current is None and (why := barred.get((new.product_id, new.region_code))):
            wrong.append(row.issue("listing-barred", "approval_number", why=why))
        if wrong:
            out.issues += wrong
        else:
            _compare(out, row, new, current)
    return out


def _read(session: Session, rows: Rows, out: Plan, actor: Actor, at: datetime) -> list[tuple[Row, NewListing]]:
    """Read the rows whose product and region are known; the others are issues."""
    known = products.ids_by_presentation(session, {row["approval_number"] for row in rows})
    found, day = list[tuple[Row, NewListing]](), today(at)
    places = regions.by_code(session)
    seen: dict[tuple[int, str, ListingKind], int] = {}
    for row in rows:
        ids = known.get((row["approval_number"], row["text"], int(row["pack"])), [])
        if not _placed(out, row, ids, places, actor):
            continue
        kind = ListingKind(row["kind"])
        new = NewListing(
            ids[0], row["region_code"], kind, row["price"], row["starts"] or day, row["ends"], row["reason"] or ""
        )
        if seen.setdefault(new.key, row.number) != row.number:
            out.issues.append(row.issue("listing-twice", "approval_number"))
        else:
            found.append((row, new))
    return found


def _placed(out: Plan, row: Row, ids: Sequence[int], places: Mapping[str, Region], actor: Actor) -> bool:
    """Say whether a row names one product and a region of the office; what it does not becomes an issue."""
    if len(ids) != 1:
        code = "listing-which-product" if ids else "listing-no-such-product"
        out.issues.append(row.issue(code, "approval_number", text=row["text"], pack=row["pack"]))
    if row["region_code"] not in places:
        out.issues.append(row.issue("listing-no-region", "region_code", region=row["region_code"]))
    elif not covers(actor.region, row["region_code"]):
        out.issues.append(row.issue("listing-other-region", "region_code", region=row["region_code"]))
        return False
    return len(ids) == 1 and row["region_code"] in places


def _compare(out: Plan, row: Row, new: NewListing, current: Current | None) -> None:
    act = change(new, current)
    if act is Change.KEEP:
        out.unchanged += 1
        return
    title = f"{row['name'] or row['approval_number']} {row['text']}×{row['pack']}"
    given = {name: getattr(new, name) for name in FIELDS}
    if current is None:
        out.creates.append(row.planned(title=title, **given))
        return
    stands = {"price": current.price, "starts": current.starts, "ends": current.ends}
    differ = stands if act is Change.REPLACE else {"ends": current.ends}
    before = {name: value for name, value in differ.items() if value != given[name]}
    out.changes.append(row.planned(title=title, before=before, **given))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """List all of them at once."""
    rows = [_listing(item) for item in (*plan.creates, *plan.changes)]
    facts = {"digest": source.digest, "sheet": source.sheet}
    list_products(session, rows=rows, actor=actor, at=at, origin=f"import/{source.import_id}", source=facts)


def _listing(item: Planned) -> NewListing:
    return NewListing(**{name: item.values[name] for name in FIELDS})


KIND = Kind(
    name="listings",
    version=1,
    title_zh="挂网价格",
    title_en="Listed prices",
    permission=P.LISTING_WRITE,
    columns=(
        *PRODUCT,
        Column("region_code", "地区代码", "Region code", ColumnKind.CODE, required=True, example="980000"),
        Column("kind", "挂网类别", "Kind of listing", ColumnKind.CHOICE, required=True, choices=KINDS, example="挂网"),
        Column("price", "挂网价", "Listed price", ColumnKind.PRICE, required=True, example="1.2000",
               help_zh="元/最小计量单位，4 位小数；不是包装价",
               help_en="Yuan per unit, 4 decimals; not the price of a pack"),
        Column("starts", "起始日期", "First day", ColumnKind.DATE, help_zh="留空为今天", help_en="Empty: today",
               example="2026-12-01"),
        Column("ends", "终止日期", "End", ColumnKind.DATE, help_zh="不再执行的第一天；留空为长期",
               help_en="The first day on which the price no longer counts; empty: open end"),
        Column("reason", "依据", "Basis", max_length=400, width=32),
    ),
    key=("approval_number", "text", "pack", "region_code", "kind"),
    plan=plan,
    apply=apply,
    back=("pricing.listings", {}),
)  # fmt: skip
