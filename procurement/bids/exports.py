"""Rows of opened bids for workbooks, and a receipt that checks itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import beijing
from kernel.downloads.registry import export
from kernel.i18n import _l, label
from kernel.identity import record_id
from kernel.sheets import Sheet, Value
from procurement.bids import queries
from procurement.bids.declarations import queries as declarations
from procurement.bids.models import OpenedLine
from procurement.bids.receipts.queries import Receipt, ReceiptLot
from procurement.dossiers.flow import DocumentKind

HEADERS = (
    "品种序号", "品种", "规格", "申报企业", "企业统一社会信用代码", "批准文号", "填报原文", "申报价（元/最小单位）",
    "提交时间", "回执", "内容摘要（SHA-256）",
)  # fmt: skip


def opening(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return a box's opening record; NotFound before the opening, and for those who do not oversee rounds."""
    found = queries.opened_box(session, record_id(asked.get("box", "")) or 0, actor)
    return opened(queries.opened_lines(session, found.id, whole=True))


def opened(lines: Iterable[OpenedLine]) -> Sheet:
    """Return the opening record as a sheet; prices are yuan per tablet, vial or other smallest unit."""
    return Sheet("开标记录", HEADERS, [_row(line) for line in lines], {HEADERS[7]: "0.0000"})


def _row(line: OpenedLine) -> tuple[Value, ...]:
    bid = line.bid
    return (
        bid.lot.number, bid.lot.variety.name, line.specification.text, bid.company.name, bid.company.code,
        line.product.approval_number if line.product else None, line.typed, line.unit_price, bid.at,
        bid.submission.receipt, bid.digest,
    )  # fmt: skip


DECLARED = ("品种序号", "品种", "申报企业", "企业统一社会信用代码", "声明时间", "编号", "有无报价", "声明时缺少的资料")


def declared(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return who declared for which lot; NotFound before the opening, and for those who do not oversee rounds."""
    found = queries.opened_box(session, record_id(asked.get("box", "")) or 0, actor)
    return Sheet("申报声明", DECLARED, [_declared(one) for one in declarations.opened(session, found.id)])


def _declared(one: declarations.Declared) -> tuple[Value, ...]:
    row = one.declaration
    lacking = [f"{label(DocumentKind(str(each['kind'])))} {each['subject']}".strip() for each in one.lacking]
    return (
        row.lot.number, row.lot.variety.name, row.company.name, row.company.code, row.at, row.receipt,
        "有" if one.priced else "无", "；".join(lacking),
    )  # fmt: skip


def receipt(found: Receipt) -> dict[str, Any]:
    """Return a receipt with everything its digests are made of, so that its owner can compute them again."""
    submission = found.submission
    return {
        "receipt": submission.receipt, "digest": submission.digest,
        "digest_is": "sha256 of the canonical JSON of `digest_over`; a bid's digest is sha256(salt bytes + content)",
        "digest_over": {
            "box": submission.box.code, "company": submission.company.code,
            "at": submission.at.isoformat(timespec="microseconds"), "withdrawal": submission.withdrawal,
            "lots": sorted([lot.entry.lot.number, lot.entry.revision, lot.entry.digest] for lot in found.lots),
        },
        "at": f"{beijing(submission.at).isoformat(timespec='seconds')}", "bids": [_bid(lot) for lot in found.lots],
    }  # fmt: skip


def _bid(lot: ReceiptLot) -> dict[str, Any]:
    kept = {"salt": lot.salt, "content": lot.content} if lot.content else {}
    return {"lot": lot.entry.lot.number, "revision": lot.entry.revision, "digest": lot.entry.digest, **kept}


export("procurement.opening", _l("Opening record"), P.BID_READ, opening)
export("procurement.declarations", _l("Declarations"), P.BID_READ, declared)
