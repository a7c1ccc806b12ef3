"""A company's bids of a round: prefilled with its products, taken together or not at all, sealed from the upload on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from importers.columns import Column, ColumnKind, Plan, Row, Rows
from importers.registry import Context, Kind, Source
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.errors import Issue
from kernel.identity import record_id
from kernel.parties.models import Organisation
from procurement.bids import queries, rules, services
from procurement.bids.eligibility import queries as eligibility
from procurement.bids.flow import Channel
from procurement.bids.joints import queries as joints
from procurement.bids.models import Box
from procurement.bids.queries import MyBid, OfferLine, OfferLot
from procurement.bids.rules import BidLine
from procurement.bids.sealing.services import STAGING

UNKNOWN = 0  # no lot or specification has this id


def context(session: Session, query: Mapping[str, str], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Name the box."""
    asked = query.get("box", "")
    return {"box": queries.box(session, record_id(asked) or 0, actor).id}


def prefill(session: Session, *, context: Context, actor: Actor, at: datetime) -> Iterable[Mapping[str, Any]]:
    """Give a row for each specification the company has a product of."""
    box, company = queries.box(session, context["box"], actor), queries.company_of(session, actor)
    for mine in queries.my_bids(session, box, actor):
        for line in mine.lot.own:
            yield {
                "lot": mine.lot.number, "variety": mine.lot.name, "specification": mine.lot.label(line),
                "cap": line.cap, "approval": line.product.approval_number if line.product else None,
                "company": company.code, "bids": True,
            }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row with the lot and specification it names."""

    row: Row
    line: BidLine
    lot: OfferLot | None
    place: OfferLine | None

    @property
    def product(self) -> tuple[int, int] | None:
        """The number of the lot with the product that is bid: the one named, else the company's first."""
        known = self.line.product_id or (self.place.product.id if self.place and self.place.product else None)
        return (self.lot.number, known) if self.lot and known else None


def plan(session: Session, rows: Rows, *, context: Context, actor: Actor, at: datetime) -> Plan:
    """Hold every row against the round's lots and the company's products."""
    box, company = queries.box(session, context["box"], actor), queries.company_of(session, actor)
    lots = queries.offer(session, box, company.id)
    asked = list(_asked(rows, {lot.number: lot for lot in lots}))
    lines = [each.line for each in asked]
    out = Plan()
    for each in asked:
        out.issues.extend(_place_issues(each, company))
    for fault in rules.faults(lines, queries.places(lots), policy=box.invalid_price):
        each, facts = asked[fault.index], dict(fault.facts)
        if "first" in facts:
            facts["first"] = asked[int(str(facts["first"]))].row.number
        out.issues.append(each.row.issue(fault.code, _COLUMNS[fault.place], rule=fault.rule, **facts))
    if asked and not out.issues:
        out.issues.extend(_barred(session, box, company, asked, at))
    if not out.issues:
        _compare(out, asked, queries.my_bids(session, box, actor))
        _warn(out, {each.row.number: each for each in asked})
    return out


def _barred(session: Session, box: Box, company: Organisation, asked: list[_Asked], at: datetime) -> Iterator[Issue]:
    """Yield why credit bars the bid: at each row of a barred product, or at the first row where it bars a company."""
    offered = [each.product for each in asked if each.product]
    bonds = joints.bonds(session, box.id, company.id)
    led = [one for lot_id in {each.line.lot_id for each in asked} if (one := bonds.get(lot_id))]
    for issue in eligibility.barred(session, box, company.id, offered, led, at):
        place = "company" if issue.code == "credit-bars-company" else "approval"
        told = (issue.facts.get("lot"), issue.facts.get("product_id"))
        row = next((each.row for each in asked if each.product == told), asked[0].row)
        yield row.issue(issue.code, place, **issue.facts)


def _warn(out: Plan, asked: Mapping[int, _Asked]) -> None:
    """Point at prices that the round takes and marks as invalid, and at those that do not follow from the main one."""
    main = {each.line.lot_id: each.line.typed for each in asked.values() if each.lot and each.place is each.lot.main}
    for items in (out.creates, out.changes):
        for index, item in enumerate(items):
            each = asked[item.row]
            read = rules.read_price(each.line.typed, each.place.cap if each.place else None)
            if read.code:
                warning: Issue | None = each.row.issue("bid-marked-invalid", "price", **read.facts)
            else:
                warning = _apart(each, main.get(each.line.lot_id, ""), read.price)
            items[index] = replace(item, warning=warning)


def _apart(each: _Asked, main: str, price: Decimal | None) -> Issue | None:
    """Say by how much a price differs from what the ratio rules make of the main specification's."""
    from_main, first = rules.read_price(main).price, each.lot.main if each.lot else None
    if not from_main or price is None or each.place is None or first is None or each.place is first:
        return None
    follows = rules.following(from_main, main=first.price_factor, factor=each.place.price_factor, cap=each.place.cap)
    apart = price - follows.price
    return each.row.issue("bid-apart", "price", follows=follows.price, difference=f"{apart:+f}") if apart else None


_COLUMNS = {"price": "price", "lot": "lot", "specification": "specification", "product": "approval"}


def _asked(rows: Rows, lots: Mapping[int, OfferLot]) -> Iterator[_Asked]:
    typed = rows.raw.get("price")
    for position in rows.good:
        row = Row(rows, position)
        if not row["bids"]:
            continue
        lot = lots.get(row["lot"])
        place = next((each for each in lot.lines if lot.label(each) == row["specification"]), None) if lot else None
        line = BidLine(
            lot.id if lot else UNKNOWN - row.number, place.specification_id if place else UNKNOWN - row.number,
            ((typed[position] if typed is not None else None) or "").strip(), _product(place, row["approval"]),
        )  # fmt: skip
        yield _Asked(row, line, lot, place)


def _product(place: OfferLine | None, approval: str | None) -> int | None:
    """Return the product of an approval number: none where the cell is empty, an impossible one where it is unknown."""
    if place is None or approval is None:
        return None
    return next((each.id for each in place.products if each.approval_number == approval), UNKNOWN)


def _place_issues(each: _Asked, company: Organisation) -> Iterator[Issue]:
    """Yield what is wrong besides the price: another company's code, and locked cells that were changed."""
    row, lot, place = each.row, each.lot, each.place
    if row["company"] != company.code:
        yield row.issue("unknown-company", "company", own=company.code, rule="B9")
    if lot and row["variety"] != lot.name:
        yield row.issue("locked-changed", "variety", wanted=lot.name)
    if lot and place and row["cap"] != place.cap:
        yield row.issue("locked-changed", "cap", wanted=place.cap if place.cap is not None else "—")


def _compare(out: Plan, asked: list[_Asked], mine: list[MyBid]) -> None:
    """Sort the rows: a lot whose rows all say what is sealed already is left as it is, another one is written whole."""
    sealed = {each.lot.id: each for each in mine}
    by_lot: dict[int, list[_Asked]] = {}
    for each in asked:
        by_lot.setdefault(each.line.lot_id, []).append(each)
    for lot_id, lines in by_lot.items():
        old = sealed[lot_id].typed
        if old == {each.line.specification_id: each.line.typed for each in lines}:
            out.unchanged += len(lines)
            continue
        for each in lines:
            _write(out, each, old.get(each.line.specification_id))


def _write(out: Plan, each: _Asked, old: str | None) -> None:
    line = each.line
    title = f"{each.row['lot']} {each.row['variety']} {each.row['specification']}　{line.typed or '—'}"
    values: dict[str, Any] = {"line": [line.lot_id, line.specification_id, line.typed, line.product_id]}
    if old is None:
        out.creates.append(each.row.planned(title=title, **values))
    else:
        before = {"price": old} if old != line.typed else {}
        out.changes.append(each.row.planned(title=title, before=before, **values))


def apply(session: Session, plan: Plan, *, context: Context, actor: Actor, at: datetime, source: Source) -> None:
    """Hand all of them in as one submission."""
    lines = [BidLine(*item.values["line"]) for item in (*plan.creates, *plan.changes)]
    services.submit(session, box_id=context["box"], lines=lines, actor=actor, source=Channel.WORKBOOK)


COLUMNS = (
    Column("lot", "品种序号", "Lot", ColumnKind.INT, required=True, locked=True, width=10),
    Column("variety", "品种", "Variety", required=True, locked=True, width=30),
    Column("specification", "规格", "Specification", required=True, locked=True, width=20),
    Column("cap", "最高有效申报价（元/最小单位）", "Cap (yuan/unit)", ColumnKind.PRICE, locked=True, width=18),
    Column(
        "approval", "批准文号或注册证号", "Approval or certificate number", width=22, aliases=("批准文号", "注册证号"),
        help_zh="本企业该规格的产品，预填第一个，可改为本企业的另一个",
        help_en="Your product of the specification; another one of yours may be named",
    ),
    Column(
        "company", "申报企业统一社会信用代码", "Company's unified social credit code", ColumnKind.CODE, required=True,
        length=(18,), width=24, help_zh="须为本企业的 18 位代码，以文本填写",
        help_en="Your own code of 18 characters, as text",
    ),
    Column(
        "bids", "是否申报", "Bids", ColumnKind.FLAG, required=True, width=10,
        help_zh="不申报的规格填“否”，或删去该行；已提交的报价不因此撤回",
        help_en="“no” or a deleted row leaves the specification out; a bid submitted before is not withdrawn by that",
    ),
    Column(
        "price", "申报价（元/最小单位）", "Price (yuan/unit)", ColumnKind.PRICE, present=True, places=12, minimum=None,
        width=18,
        aliases=("申报价",), example="0.6580",
        help_zh="片、粒、支等最小单位的价格：大于 0，至多 4 位小数，不高于上限",
        help_en="Per tablet, capsule or vial: above 0, at most 4 decimals, at most the cap",
    ),
)  # fmt: skip

KIND = Kind(
    name="bids",
    version=2,
    title_zh="申报价",
    title_en="Bids",
    permission=P.BID_SUBMIT,
    columns=COLUMNS,
    key=("lot", "specification"),
    all_or_nothing=True,
    confidential=True,
    vault=STAGING,
    template_required=True,
    context=context,
    prefill=prefill,
    plan=plan,
    apply=apply,
    back=("procurement.bid_box", {"box_id": "box"}),
    notes_zh=(
        "全部行一起密封提交；有一处错误则全部不提交，并一次列出所有错误。",
        "同一品种再次提交即替换上一次；截止时间以服务器时间为准，到点及以后不再接收。",
        "规则：B1 须填价格；B2 须为数字；B3 大于 0；B4 至多 4 位小数；B5 不高于最高有效申报价；B6 须为本企业产品；"
        "B7 每个规格一行；B8 须为本轮品种和规格；B9 须为本企业代码；B10 系统的全部部件和伴随服务须一并报价。",
        "耗材系统按部件逐行报价，各部件与伴随服务之和即系统价，以系统价竞争；每一部件不得高于其上限。",
    ),
    notes_en=(
        "All rows are sealed together; one mistake and none is submitted, and all mistakes are listed at once.",
        "A later submission of the same lot replaces the earlier one; the server's clock decides about the deadline.",
        "Rules: B1 a price is given; B2 it is a number; B3 above 0; B4 at most 4 decimals; B5 at most the cap; B6 your "
        "own product; B7 one row a specification; B8 a lot and specification of the round; B9 your own code; "
        "B10 all components of a system and its service together.",
        "The components of a system are priced row by row; their sum with the service is what competes.",
    ),
)
