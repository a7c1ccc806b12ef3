"""The board for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.clock import today
from kernel.downloads.registry import export
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from procurement.agreements.boards import queries
from procurement.agreements.boards.queries import Row
from procurement.agreements.boards.views import asked_for

HEADERS = (
    "名称", "代码", "协议数", "约定金额", "时间进度应采金额", "协议内采购金额", "协议外采购金额", "完成比例",
    "时间进度", "非中选采购金额", "非中选占比", "收货金额", "付款金额",
)  # fmt: skip


def progress(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return every row of the board; yuan at agreed prices, shares of 1."""
    what = asked_for(asked, today(at).year)
    board = queries.board(session, actor, **what, day=today(at))
    return Sheet(f"{label(what['scope'])} {what['year']}", HEADERS, [_row(one) for one in board.rows])


def _row(row: Row) -> tuple[Value, ...]:
    one = row.sums
    return (
        row.name, row.subject, one.agreements, one.agreed, one.expected, one.within, one.beyond, one.done, one.gone,
        one.other, one.non_winning, one.received, one.paid,
    )  # fmt: skip


export("procurement.progress", _l("Progress of agreed volumes"), P.LEDGER_READ, progress)
