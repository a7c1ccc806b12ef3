"""Stage, confirm once, or drop: nothing is written before, nothing twice, nothing halfway."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from importers import queries, registry, services
from importers.flow import IMPORT_FLOW, ImportAction, ImportState, Mode
from importers.kinds.regions import KIND
from importers.models import Import, ImportPayload
from importers.workbook import Workbook, read
from kernel.audit.models import AuditEntry
from kernel.auth.actor import Actor
from kernel.auth.guard import actor_of
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.errors import Conflict, DomainError, FileRefused, Forbidden, NotFound
from kernel.parties.models import Region
from tests.importers import books
from tests.importers.conftest import AT, person

ROWS: list[list[Any]] = [["地区代码", "地区名称", "上级代码"], ["32", "江苏省", None], ["3201", "南京市", "32"]]


def upload(rows: list[list[Any]] = ROWS) -> Workbook:
    return read(books.book(rows), "地区.xlsx")


def stage(session: Session, actor: Actor, rows: list[list[Any]] = ROWS, **more: Any) -> Import:
    return services.stage(session, name="regions", query={}, book=upload(rows), actor=actor, at=AT, **more)


def write(session: Session, import_: Import, actor: Actor, mode: Mode = Mode.GOOD_ROWS) -> Import:
    return services.apply(session, import_id=import_.id, mode=mode, actor=actor, at=AT)


def regions(session: Session) -> dict[str, tuple[str, str | None]]:
    return {row.code: (row.name, row.parent_code) for row in session.scalars(select(Region))}


def counts(import_: Import) -> tuple[int, int, int, int]:
    return import_.created, import_.changed, import_.unchanged, import_.faulty


def test_nothing_is_written_before_the_confirmation(session: Session, officer: Actor) -> None:
    import_ = stage(session, officer)
    assert counts(import_) == (2, 0, 0, 0)
    assert regions(session) == {}


def test_the_confirmation_writes_and_gives_a_receipt(session: Session, officer: Actor) -> None:
    import_ = write(session, stage(session, officer), officer)
    assert regions(session) == {"32": ("江苏省", None), "3201": ("南京市", "32")}
    assert (import_.state, import_.receipt) == (ImportState.APPLIED, f"IM20261120-{import_.id:06d}")


def test_children_may_stand_before_their_parents(session: Session, officer: Actor) -> None:
    write(session, stage(session, officer, [ROWS[0], ROWS[2], ROWS[1]]), officer)
    assert set(regions(session)) == {"32", "3201"}


def test_the_same_file_twice_plans_nothing(session: Session, officer: Actor) -> None:
    write(session, stage(session, officer), officer)
    again = stage(session, officer)
    assert counts(again) == (0, 0, 2, 0)
    with pytest.raises(DomainError, match="import-writes-nothing"):
        write(session, again, officer)


def test_only_what_differs_is_changed(session: Session, officer: Actor) -> None:
    write(session, stage(session, officer), officer)
    import_ = stage(session, officer, [ROWS[0], ROWS[1], ["3201", "南京", "32"]])
    found = queries.findings(session, import_)
    assert counts(import_) == (0, 1, 1, 0) and found is not None
    assert [(each.name, each.before, each.after) for each in found.changes] == [("地区名称", "南京市", "南京")]


def test_good_rows_may_go_alone_or_wait_for_the_others(session: Session, officer: Actor) -> None:
    import_ = stage(session, officer, [*ROWS, ["99", None, None], ["4401", "广州市", "44"]])
    assert counts(import_) == (2, 0, 0, 2)
    with pytest.raises(DomainError, match="import-has-issues"):
        write(session, import_, officer, Mode.ALL)


def test_a_failed_confirmation_leaves_the_import_open(database: Database) -> None:
    with database.transaction() as session:
        actor = actor_of(person(session))
        staged = stage(session, actor, [*ROWS, ["99", None, None]]).id
    with pytest.raises(DomainError, match="import-has-issues"), database.transaction() as session:
        services.apply(session, import_id=staged, mode=Mode.ALL, actor=actor, at=AT)
    with database.transaction() as session:
        assert services.apply(session, import_id=staged, mode=Mode.GOOD_ROWS, actor=actor, at=AT).to_write == 2


def test_a_double_click_writes_once(database: Database) -> None:
    with database.transaction() as session:
        actor = actor_of(person(session))
        staged = stage(session, actor).id
    answers: list[str] = []

    def click() -> None:
        try:
            with database.transaction() as session:
                services.apply(session, import_id=staged, mode=Mode.GOOD_ROWS, actor=actor, at=AT)
            answers.append("written")
        except Conflict as conflict:
            answers.append(conflict.code)

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert sorted(answers) == ["import-already-applied"] * 3 + ["written"]
    with database.transaction(write=False) as session:
        applied = select(func.count()).select_from(AuditEntry).where(AuditEntry.tag == "import.applied")
        assert session.scalar(applied) == 1


def test_a_plan_that_went_stale_is_shown_again_and_not_written(session: Session, officer: Actor) -> None:
    import_ = stage(session, officer)
    write(session, stage(session, officer, [ROWS[0], ["32", "江苏", None]]), officer)
    again = write(session, import_, officer)
    assert (again.state, counts(again), again.receipt) == (ImportState.CHECKED, (1, 1, 0, 0), "")
    assert regions(session) == {"32": ("江苏", None)}
    assert write(session, again, officer).state is ImportState.APPLIED
    assert regions(session)["32"] == ("江苏省", None)


def test_a_dropped_or_late_import_cannot_be_written(session: Session, officer: Actor) -> None:
    dropped, late = stage(session, officer), stage(session, officer)
    services.cancel(session, import_id=dropped.id, actor=officer, at=AT)
    with pytest.raises(Conflict):
        write(session, dropped, officer)
    with pytest.raises(Conflict, match="import-expired"):
        services.apply(session, import_id=late.id, mode=Mode.GOOD_ROWS, actor=officer, at=AT + timedelta(days=8))
    assert services.expire(session, at=AT + timedelta(days=8)) == 1
    assert late.state is ImportState.EXPIRED
    assert session.scalar(select(func.count()).select_from(ImportPayload)) == 0


def test_what_an_import_wrote_stays_visible_until_it_expires(session: Session, officer: Actor) -> None:
    import_ = write(session, stage(session, officer), officer)
    assert queries.findings(session, import_) is not None
    services.expire(session, at=AT + timedelta(days=8))
    assert (queries.findings(session, import_), import_.state) == (None, ImportState.APPLIED)


def test_another_organisation_sees_nothing(session: Session, officer: Actor) -> None:
    import_ = stage(session, officer)
    other = actor_of(person(session))
    with pytest.raises(NotFound):
        queries.one(session, import_.id, other)
    with pytest.raises(NotFound):
        write(session, import_, other)


def test_a_kind_asks_for_its_own_permission(session: Session) -> None:
    with pytest.raises(Forbidden):
        stage(session, actor_of(person(session, Role.PHARMACIST)))


def test_provenance_stands_in_the_audit_trail(database: Database) -> None:
    with database.transaction() as session:
        actor = actor_of(person(session))
        import_ = write(session, stage(session, actor), actor)
    with database.transaction(write=False) as session:
        entries = {entry.tag: entry.facts for entry in session.scalars(select(AuditEntry))}
    assert entries["regions.imported"] == {
        "import": import_.id, "digest": import_.digest, "sheet": "数据", "count": 2, "changed": 2,
    }  # fmt: skip
    assert entries["import.applied"]["receipt"] == import_.receipt


class Drawer:
    """A vault of a confidential kind."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def stage(self, _session: Session, payload: bytes) -> str:
        self.kept[str(len(self.kept))] = payload
        return str(len(self.kept) - 1)

    def unstage(self, _session: Session, ref: str) -> bytes:
        return self.kept[ref]

    def discard(self, _session: Session, ref: str) -> None:
        self.kept.pop(ref, None)


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawer]:
    """Regions as if they were bids."""
    drawer = Drawer()
    kind = replace(KIND, confidential=True, all_or_nothing=True, vault=drawer)
    known = {**registry.kinds(), "regions": kind}
    monkeypatch.setattr(registry, "kinds", lambda: known)
    monkeypatch.setattr(queries, "kinds", lambda: known)
    return iter([drawer]).__next__()


def test_values_of_a_confidential_kind_lie_in_its_vault_only(session: Session, officer: Actor, secret: Drawer) -> None:
    rows = [*ROWS, ["3202", "机密一二三", "999"]]
    import_ = stage(session, officer, rows)
    session.flush()
    stored = repr([row.snapshot() for row in session.scalars(select(Import))])
    assert "机密一二三" not in stored and session.scalar(select(func.count()).select_from(ImportPayload)) == 0
    assert any("机密一二三".encode() in payload for payload in secret.kept.values())
    assert import_.digest != upload(rows).digest != ""


def test_a_confidential_import_is_all_or_nothing_and_leaves_nothing_behind(
    session: Session, officer: Actor, secret: Drawer
) -> None:
    wrong = stage(session, officer, [*ROWS, ["99", None, None]])
    with pytest.raises(DomainError, match="import-has-issues"):
        write(session, wrong, officer)
    write(session, stage(session, officer), officer)
    assert len(secret.kept) == 2  # the first import's, which is still open


def test_regions_refuse_strange_parents(session: Session, officer: Actor) -> None:
    rows = [ROWS[0], ["1", "短", None], ["11", "甲", "22"], ["22", "乙", "11"], ["3301", "杭州", "33"]]
    found = queries.findings(session, stage(session, officer, rows))
    assert found is not None
    assert [(issue.cell, issue.code) for issue in found.issues] == [
        ("A2", "wrong-length"), ("C3", "region-in-circle"), ("C4", "region-in-circle"), ("C5", "region-parent-unknown"),
    ]  # fmt: skip


def test_a_file_that_cannot_be_taken_leaves_no_trace(database: Database) -> None:
    with database.transaction() as session:
        actor = actor_of(person(session))
    with pytest.raises(FileRefused), database.transaction() as session:
        stage(session, actor, [["甲"], ["1"]])
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Import)) == 0


@pytest.mark.parametrize("state", list(ImportState))
@pytest.mark.parametrize("action", list(ImportAction))
def test_only_an_open_import_can_change(state: ImportState, action: ImportAction) -> None:
    drops = {ImportAction.CANCEL, ImportAction.EXPIRE}
    possible = {
        ImportState.RECEIVED: {ImportAction.CHECK, ImportAction.REFUSE, *drops},
        ImportState.CHECKED: {ImportAction.APPLY, *drops},
        ImportState.REFUSED: {ImportAction.EXPIRE},
    }
    assert IMPORT_FLOW.allows(state, action) == (action in possible.get(state, set()))
