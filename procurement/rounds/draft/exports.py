"""A draft's record as sheets: every turn, the pauses, who takes over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from kernel.i18n import label
from kernel.sheets import Sheet, Value
from procurement.rounds.draft.queries import Standing
from procurement.rounds.queries.takeover import TakeOver

TURNS = (
    "品种序号", "品种", "供应类别", "顺位", "企业", "地区代码", "地区", "选择方式", "轮到时间", "截止时间", "确定时间",
    "操作人", "说明", "选择前剩余地区数", "选择前剩余地区",
)  # fmt: skip
PAUSES = ("原因", "暂停时间", "恢复时间")
TAKE_OVER = (
    "品种序号", "品种", "地区代码", "地区", "主供企业", "约定采购量（代表规格）", "接替顺序", "接替企业", "接替身份",
    "中选价",
)  # fmt: skip


def turns(found: Standing, *, names: Mapping[int, str], people: Mapping[int, str], regions: Mapping[str, str]) -> Sheet:
    """Return every turn in the order it was taken, lot by lot."""
    rows: list[tuple[Value, ...]] = [
        (
            row.lot.number, row.lot.variety.name, label(turn.role), turn.number, names.get(turn.company, ""),
            turn.region, regions.get(turn.region or ""), label(turn.how), turn.began, turn.due, turn.ended,
            people.get(turn.by or 0, ""), turn.note, len(turn.remaining),
            "、".join(regions.get(code, code) for code in turn.remaining),
        )
        for row, lot in found.rows()
        for turn in lot.turns
    ]  # fmt: skip
    return Sheet("选区记录", TURNS, rows)


def pauses(found: Standing) -> Sheet:
    """Return when the clock stood still, and why."""
    return Sheet("暂停", PAUSES, [(one.reason, one.paused_at, one.resumed_at) for one in found.draft.pauses])


def take_over(plans: Iterable[Sequence[TakeOver]], regions: Mapping[str, str]) -> Sheet:
    """Return who takes over each region, in order."""
    return Sheet("接替顺序", TAKE_OVER, [row for plan in plans for one in plan for row in _line(one, regions)])


def _line(one: TakeOver, regions: Mapping[str, str]) -> Iterator[tuple[Value, ...]]:
    for place, next_ in enumerate(one.line, 1):
        role = "备供企业" if one.backup is not None and next_.id == one.backup.id else f"第 {next_.rank} 顺位中选企业"
        yield (
            one.lot.number, one.lot.variety.name, one.region, regions.get(one.region), one.main.company.name,
            one.volume, place, next_.company.name, role, next_.winning_price,
        )  # fmt: skip
