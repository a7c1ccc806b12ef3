"""What an act leaves behind: tables, events and versions, read beside the sessions."""

from __future__ import annotations

from typing import Any

from tests.procurement.rounds.held import Held

TABLES = ("round", "evaluation", "decision", "lot_result", "award", "award_volume", "region_pick", "opened_line", "bid",
          "bid_submission", "round_draw", "round_extension")  # fmt: skip


def snapshot(held: Held) -> list[Any]:
    """Everything an act may have changed, read beside the sessions."""
    return [held.connection.exec_driver_sql(f'select * from "{name}" order by 1, 2').fetchall() for name in TABLES]


def entries(held: Held) -> int:
    """How many events are in the chains."""
    return int(held.connection.exec_driver_sql("select count(*) from audit_entry").scalar_one())


def versions(held: Held) -> dict[int, Any]:
    """The decisions and results of every evaluation, by its id."""
    found: dict[int, Any] = {}
    for name in ("decision", "lot_result"):
        for row in held.connection.exec_driver_sql(f'select evaluation_id, * from "{name}" order by id'):
            found.setdefault(row[0], []).append(tuple(row))
    return found
