"""The past of a province that buys online, by INSERT … SELECT: orders, lines, shipments, invoices, ledger entries.

Each order is four minutes older than the one after it, so that 250 000 of them (5 000 000 lines) are two years. What
they add to the months is written as the platform would have counted it. Another province gives other sizes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from procurement.agreements.ledger.models import VolumeAccount
from procurement.orders.figures.rules import AMOUNTS, COUNTS
from tests.bench.market import COMPANIES, EACH, HOSPITALS, LARGE, LINES, REGIONS

NAMES = (*COUNTS, *AMOUNTS)
Written = Sequence[tuple[str, Sequence[Mapping[str, str]]]]
"""Statements, each with the words it is written with in turn."""
SIZES = {
    "large": LARGE, "lines": LINES, "each": EACH, "hospitals": HOSPITALS, "companies": COMPANIES, "step": 249,
}  # fmt: skip
"""`step` are the seconds between two orders."""
SUMS = {
    "counts": ", ".join(NAMES), "sums": ", ".join(f"sum(s.{name})" for name in NAMES),
    "more": ", ".join(f"{name} = trade_month.{name} + excluded.{name}" for name in NAMES),
}  # fmt: skip


def past(
    session: Session, at: datetime, first: int, last: int, total: int, *, sizes: Mapping[str, int] = SIZES,
    written: Written | None = None,
) -> None:  # fmt: skip
    """Write the orders of these ages with all that follows from them; the newest has the last id."""
    lite = session.get_bind().dialect.name == "sqlite"
    if not lite:
        session.execute(text("set local session_replication_role = replica"))  # what is written is known to be whole
    words = SUMS | {**sizes} | (_lite(at, sizes["step"]) if lite else _postgresql(at, sizes["step"])) | {
        "low": total + 1 - last, "high": total + 1 - first, "total": total, "first": first, "last": last,
        "accounts": session.scalar(select(func.count(VolumeAccount.id))),
    }  # fmt: skip
    for statement in (one.format(**words, **level) for one, levels in written or WRITTEN for level in levels):
        session.connection().exec_driver_sql(statement if lite else statement.replace("%", "%%"))
    if not lite:
        session.execute(text("set local session_replication_role = default"))


def _lite(at: datetime, step: int) -> dict[str, object]:
    stamp, begin = "strftime('%Y-%m-%dT%H:%M:%S.000000', ", f"'{at:%Y-%m-%d %H:%M:%S}', (-i * {step}) || ' seconds'"
    return {
        "when": f"{stamp}{begin})", "confirm_by": f"{stamp}{begin}, '+2 days')",
        "ship_by": f"{stamp}{begin}, '+15 days')",
        "arrived": f"{stamp}o.placed_at, '+3 days')", "receive_by": f"{stamp}o.placed_at, '+15 days')",
        "pay_by": f"{stamp}o.placed_at, '+33 days')", "day": "date(o.placed_at, '+8 hours')",
        "month": "strftime('%Y-%m-01', placed_at, '+8 hours')", "quantity": 100_000, "price": 1_234, "amount": 1_234,
        "false": 0, "code": f"printf('32%02d00', h % {REGIONS} + 1)",
    }  # fmt: skip


def _postgresql(at: datetime, step: int) -> dict[str, object]:
    when = f"(timestamptz '{at:%Y-%m-%d %H:%M:%S}+00' - i * {step} * interval '1 second')"
    return {
        "when": when, "confirm_by": f"{when} + interval '2 days'", "ship_by": f"{when} + interval '15 days'",
        "arrived": "o.placed_at + interval '3 days'", "receive_by": "o.placed_at + interval '15 days'",
        "pay_by": "o.placed_at + interval '33 days'", "day": "(o.placed_at at time zone 'Asia/Shanghai')::date",
        "month": "date_trunc('month', placed_at at time zone 'Asia/Shanghai')::date", "quantity": 100,
        "price": "0.1234", "amount": "12.34", "false": "false",
        "code": f"'32' || lpad((h % {REGIONS} + 1)::text, 2, '0') || '00'",
    }  # fmt: skip


ORDERS = """
insert into purchase_order (id, number, plan_id, kind, hospital_id, company_id, deliverer_id, region_code, state,
    amount, lines_count, placed_at, due_at, answered_at, note, version)
with recursive n(i) as (select {first} union all select i + 1 from n where i < {last}),
    o as (select i, i % {hospitals} + 1 as h, {hospitals} + 1 + (i / {hospitals} + i) % {companies} as c from n)
select {total} + 1 - i, 'B' || i, h, 'agreement', h, c, c, {code},
    case when i > 4000 then case when i % 40 = 0 then 'expired' else 'done' end when i <= 400 then 'placed'
         when i % 3 = 0 then 'confirmed' when i % 3 = 1 then 'shipped' else 'done' end,
    {amount} * {lines}, {lines}, {when},
    case when i <= 400 then {confirm_by} when i <= 4000 and i % 3 < 2 then {ship_by} end,
    case when i <= 400 or i > 4000 and i % 40 = 0 then null else {when} end, '', 1 from o
"""
ROWS = """
insert into order_line (id, order_id, product_id, agreement_id, beyond, price, quantity, amount, cancelled, shipped,
    rejected, received, returned)
with recursive j(k) as (select 0 union all select k + 1 from j where k < {lines} - 1)
select (o.id - 1) * {lines} + k + 1, o.id,
    case when o.company_id = {hospitals} + 1 then (o.id * 7 + k) % {large} + 1
         else {large} + (o.company_id - {hospitals} - 2) * {each} + k + 1 end,
    null, {false}, {price}, {quantity}, {amount}, 0,
    case when o.state in ('shipped', 'done') then {quantity} else 0 end, 0,
    case when o.state = 'done' then {quantity} else 0 end, 0
from purchase_order o cross join j where o.id between {low} and {high}
"""
SHIPMENTS = """
insert into shipment (id, order_id, deliverer_id, number, waybill, state, shipped_at, due_at, received_at, note,
    version)
select o.id, o.id, o.deliverer_id, o.number || '-1', '', case when o.state = 'done' then 'received' else 'shipped' end,
    o.placed_at, {receive_by}, case when o.state = 'done' then {arrived} end, '', 1
from purchase_order o where o.id between {low} and {high} and o.state in ('shipped', 'done')
"""
BATCHES = """
insert into shipment_line (id, shipment_id, line_id, deliverer_id, batch, expires, quantity, received, rejected,
    disputed, returned, invoiced, paid, note)
select l.id, l.order_id, l.id, o.deliverer_id, 'B1', {day}, l.quantity, l.received, 0, 0, 0, l.received,
    case when o.id < {total} - 20000 then l.received else 0 end, ''
from order_line l join purchase_order o on o.id = l.order_id
where o.id between {low} and {high} and o.state in ('shipped', 'done')
"""
PAYMENTS = """
insert into settlement_payment (id, channel, hospital_id, seller_id, gross, credited, amount, reference, paid_on,
    made_at)
select o.id, 'hospital', o.hospital_id, o.deliverer_id, o.amount, 0, o.amount, o.number, {day}, o.placed_at
from purchase_order o where o.id between {low} and {high} and o.state = 'done' and o.id < {total} - 20000
"""
INVOICES = """
insert into settlement_invoice (id, kind, key, seller_id, hospital_id, region_code, code, number, issued_on, amount,
    state, received_at, due_at, registered_at, reason, payment_id, version)
select o.id, 'invoice', o.number, o.deliverer_id, o.hospital_id, o.region_code, '', o.number, {day}, o.amount,
    case when o.id < {total} - 20000 then 'paid' when o.id % 3 = 0 then 'registered' else 'matched' end, {arrived},
    {pay_by}, {arrived}, '', case when o.id < {total} - 20000 then o.id end, 1
from purchase_order o where o.id between {low} and {high} and o.state = 'done'
"""
ENTRIES = """
insert into volume_entry (account_id, day, move, quantity, amount, subject_id)
select l.id % {accounts} + 1, {day}, 'order', l.quantity, l.amount, l.id
from order_line l join purchase_order o on o.id = l.order_id where o.id between {low} and {high}
"""
SHARES = """
insert into trade_share (order_id, month, {counts})
with o as (select id, {month} as month, amount, case when state = 'done' then 1 else 0 end as d,
    case when answered_at is null then 0 else 1 end as a from purchase_order where id between {low} and {high})
select id, month, 1, 0, a, a, a, d, d, 0, {lines}, 0, d * {lines}, amount, 0, d * amount, d * amount, 0, d * amount,
    d * amount from o
"""
MONTHS = """
insert into trade_month (key, level, kind, month, hospital_id, company_id, deliverer_id, region_code, {counts})
select {key}, '{level}', o.kind, s.month, {hospital}, {company}, {deliverer}, {region}, {sums}
from trade_share s join purchase_order o on o.id = s.order_id where o.id between {low} and {high}
group by {group} on conflict (key, kind, month) do update set {more}
"""
LEVELS: tuple[dict[str, str], ...] = tuple(
    {"key": key, "level": level, "group": f"{', '.join(owners)}, o.kind, s.month"}
    | {
        f"{name}": f"o.{name}_id" if f"o.{name}_id" in owners else "null"
        for name in ("hospital", "company", "deliverer")
    }
    | {"region": "o.region_code" if "o.region_code" in owners else "null"}
    for level, key, owners in (
        ("hospital", "'h' || o.hospital_id", ("o.hospital_id",)),
        ("company", "'c' || o.company_id", ("o.company_id",)),
        ("deliverer", "'d' || o.deliverer_id", ("o.deliverer_id",)),
        ("pair", "o.hospital_id || '-' || o.company_id", ("o.hospital_id", "o.company_id")),
        ("place", "o.region_code || ':' || o.company_id", ("o.region_code", "o.company_id")),
    )
)
ONCE: tuple[dict[str, str], ...] = ({},)
WRITTEN: Written = (
    *((one, ONCE) for one in (ORDERS, ROWS, SHIPMENTS, BATCHES, PAYMENTS, INVOICES, ENTRIES, SHARES)), (MONTHS, LEVELS),
)  # fmt: skip
