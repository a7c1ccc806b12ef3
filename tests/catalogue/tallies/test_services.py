"""Counts are right at any moment, counted or not, and a job counts anew."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from catalogue.register.services import put_drugs
from catalogue.tallies import queries, services
from catalogue.tallies.models import STALE, Tally
from kernel.auth.actor import SYSTEM
from tests.catalogue.conftest import NOW

MORE: dict[str, Any] = {"import_id": None, "actor": SYSTEM, "at": NOW, "facts": {}}


def drugs(session: Session, *classes: str | None, first: int = 1) -> None:
    codes = [f"XB01ACA010A0010101{number:05}" for number in range(first, first + len(classes))]
    columns = {"code": codes, "registered_name": ["片"] * len(codes), "company": ["甲"] * len(codes)}
    put_drugs(session, columns={**columns, "list_class": list(classes), "row": [2] * len(codes)}, **MORE)


def told(session: Session) -> tuple[int, list[tuple[str, int]], dict[str, int]]:
    found = queries.of_values(session, "coded_drug", "class", ["甲", "丙"])
    return queries.total(session, "coded_drug"), list(queries.by_value(session, "coded_drug", "class")), found


def test_what_changed_is_counted_at_once_and_kept_by_the_job(session: Session) -> None:
    assert told(session) == (0, [], {})
    drugs(session, "甲", "乙", "甲", None)
    right = (4, [("甲", 2), ("乙", 1)], {"甲": 2})
    assert told(session) == right, "before the job"
    assert services.catch_up(session) == len(queries.known)
    assert told(session) == right, "after it"
    assert services.catch_up(session) == 0
    drugs(session, "乙", "乙", first=5)
    assert told(session) == (6, [("乙", 3), ("甲", 2)], {"甲": 2})
    assert services.catch_up(session) == 1
    assert told(session) == (6, [("乙", 3), ("甲", 2)], {"甲": 2})


def test_one_line_of_a_kind_says_whether_its_counts_hold(session: Session) -> None:
    services.touch(session, "coded_drug")
    services.touch(session, "coded_drug")
    services.touch(session, "no-such-kind")
    assert [(each.kind, each.count) for each in session.query(Tally)] == [("coded_drug", STALE)]
