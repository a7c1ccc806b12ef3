from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from kernel import clock
from kernel.auth.actor import SYSTEM
from kernel.db import Database
from kernel.errands import queries, queue, registry, runner
from kernel.errands.flow import ErrandState
from kernel.errands.labels import progress, said
from kernel.errands.models import Errand
from kernel.errors import DomainError


@pytest.fixture
def done() -> Iterator[list[int]]:
    """What the test's errands did; they are forgotten afterwards."""
    known, seen = dict(registry._errands), list[int]()

    @registry.errand("test.count")
    def count(work: registry.Work) -> None:
        work.tell("counting", 1, 2)
        seen.append(work.facts["number"])

    @registry.errand("test.refuse")
    def refuse(work: registry.Work) -> None:
        raise DomainError("too-many-downloads", limit=20)

    @registry.errand("test.break")
    def break_(work: registry.Work) -> None:
        raise ZeroDivisionError

    yield seen
    registry._errands.clear()
    registry._errands.update(known)


def ask(database: Database, name: str, about: str, number: int = 1) -> int:
    with database.transaction() as session:
        facts = {"number": number}
        return queue.send(session, name, about=about, facts=facts, actor=SYSTEM, at=clock.now()).id


def state(database: Database, about: str) -> Errand:
    with database.transaction(write=False) as session:
        found = queries.latest(session, about)
    assert found
    return found


def test_errands_are_done_in_the_order_they_were_asked_for(app: Flask, database: Database, done: list[int]) -> None:
    for number in (1, 2, 3):
        ask(database, "test.count", f"thing:{number}", number)
    assert runner.run_waiting(app) == 3
    assert done == [1, 2, 3]
    found = state(database, "thing:2")
    assert found.state is ErrandState.DONE and found.open_key is None
    assert (found.step, found.done, found.total) == ("counting", 1, 2)


def test_asking_twice_while_it_is_open_gives_the_same_errand(app: Flask, database: Database, done: list[int]) -> None:
    first = ask(database, "test.count", "thing:1")
    assert ask(database, "test.count", "thing:1") == first
    runner.run_waiting(app)
    assert ask(database, "test.count", "thing:1") != first


def test_a_refusal_is_kept_and_said(app: Flask, database: Database, done: list[int]) -> None:
    ask(database, "test.refuse", "thing:1")
    runner.run_waiting(app)
    found = state(database, "thing:1")
    assert found.state is ErrandState.FAILED
    with app.test_request_context():
        assert "20" in said(found)
        assert progress(found)["failed"] is True


def test_what_breaks_fails_without_its_innards(app: Flask, database: Database, done: list[int]) -> None:
    ask(database, "test.break", "thing:1")
    runner.run_waiting(app)
    found = state(database, "thing:1")
    assert (found.state, found.error) == (ErrandState.FAILED, "errand-broke")


def test_what_a_dead_runner_held_is_taken_up_again(app: Flask, database: Database, done: list[int]) -> None:
    ask(database, "test.count", "thing:1", 7)
    with database.transaction() as session:
        host = runner.my_name().rpartition(":")[0]
        assert queue.take(session, runner=f"{host}:4194999", at=clock.now())
    assert runner.run_waiting(app) == 0
    assert runner.take_up(database) == 1
    assert runner.run_waiting(app) == 1
    assert done == [7]


def test_a_hold_runs_out_and_the_late_runner_changes_nothing(app: Flask, database: Database, done: list[int]) -> None:
    ask(database, "test.count", "thing:1", 7)
    long_ago = clock.now() - queue.HOLD - timedelta(seconds=1)
    with database.transaction() as session:
        late = queue.take(session, runner="elsewhere:1", at=long_ago)
    assert late
    assert runner.run_waiting(app) == 1
    with database.transaction() as session:
        queue.end(session, late, at=clock.now(), error="errand-broke")
    assert state(database, "thing:1").state is ErrandState.DONE


def test_what_dies_again_and_again_is_given_up(app: Flask, database: Database, done: list[int]) -> None:
    ask(database, "test.count", "thing:1")
    for times in range(queue.MOST_ATTEMPTS, 0, -1):
        with database.transaction() as session:
            at = clock.now() - times * (queue.HOLD + timedelta(seconds=1))
            assert queue.take(session, runner="elsewhere:1", at=at)
    runner.run_waiting(app)
    assert (state(database, "thing:1").error, done) == ("errand-broke", [])
