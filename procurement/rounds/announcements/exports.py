"""An announcement as a workbook: its title and rows."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from kernel.i18n import _, label
from kernel.sheets import Sheet, Value
from procurement.rounds.announcements.flow import AnnouncementKind
from procurement.rounds.announcements.models import Announcement
from procurement.rounds.flow import SupplyRole
from procurement.rounds.voids.flow import VoidReason

HEADERS = (
    "品种序号", "品种", "企业", "统一社会信用代码", "规格", "价格（元）", "名次", "协议期", "主供地区",
    "备供地区", "备注",
)  # fmt: skip


def title_of(one: Announcement) -> str:
    """Return an announcement's title in the reader's language."""
    return str(_("%(title)s %(kind)s", title=one.content["title"], kind=label(one.kind)))


def sheet(one: Announcement) -> Sheet:
    """Return an announcement's list."""
    return Sheet(str(label(one.kind)), HEADERS, [row for lot in one.content["lots"] for row in _lot(one.kind, lot)])


def _lot(kind: AnnouncementKind, lot: dict[str, Any]) -> Iterable[tuple[Value, ...]]:
    head: tuple[Value, ...] = (lot["number"], lot["variety"])
    if lot["void"]:
        note = f"{label(VoidReason(lot['void']['reason']))}：{lot['void']['text']}"
        yield (*head, *((None,) * 8), note)
    elif not lot["rows"]:
        yield (*head, *((None,) * 8), "无中选企业" if kind is AnnouncementKind.FINAL else "无拟中选企业")
    for row in lot["rows"]:
        regions = row.get("regions", {})
        main, backup = ("、".join(regions.get(role.value, ())) for role in (SupplyRole.MAIN, SupplyRole.BACKUP))
        price = Decimal(row["price"]) if row["price"] else None
        period = str(row["period"]) if row.get("period") is not None else None
        yield (*head, row["company"], row["code"], row["specification"], price, row.get("rank"), period, main, backup,
               None)  # fmt: skip
