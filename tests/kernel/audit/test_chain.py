"""The chain holds, and shows what was changed, removed or cut off."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.orm import Session

from kernel.audit import services
from kernel.audit.cli import audit
from kernel.audit.services import record, verify
from kernel.audit.tags import Tag
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.auth.queries import actor_of
from kernel.columns import canonical
from kernel.db import Database
from kernel.parties.models import Organisation
from tests.factories import people

NOW = datetime(2026, 11, 20, 6, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def filled(database: Database) -> Database:
    """Three entries in the platform's chain and three in an organisation's."""
    with database.transaction() as session:
        company = people.organisation(session)
        actor = actor_of(people.user(session, company, Role.MANUFACTURER))
        for number in range(3):
            facts = {"price": Decimal("1.2300"), "until": NOW, "n": number, "名": ["甲", None], "kind": company.kind}
            record(session, Tag.ORGANISATION_CHANGED, company, SYSTEM, NOW, facts)
            record(session, Tag.ORGANISATION_CHANGED, company, actor, NOW, {2: "two", 10: "ten"})
    return database


def broken(database: Database) -> list[tuple[int, str]]:
    with database.transaction(write=False) as session:
        return [(link.number, link.reason) for link in verify(session)]


def tamper(database: Database, statement: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_untouched_chain_holds(filled: Database) -> None:
    assert broken(filled) == []


@pytest.mark.parametrize(
    "change",
    ["facts = '{}'", "actor_name = 'somebody else'", "tag = 'user.invited'", "tag = 'nonsense'", "facts = 'not json'",
     "subject_id = '999'", "organisation_id = 7", "digest = 'x'"],
)  # fmt: skip
def test_a_changed_entry_is_found(filled: Database, change: str) -> None:
    tamper(filled, f"update audit_entry set {change} where chain = 0 and number = 2")
    assert (2, services.CHANGED) in broken(filled)


def test_a_changed_time_is_found(filled: Database) -> None:
    zone = "" if filled.engine.dialect.name == "sqlite" else "+00"
    tamper(filled, f"update audit_entry set at = '2026-11-20T06:00:00.123457{zone}' where chain = 0 and number = 2")
    assert broken(filled) == [(2, services.CHANGED)]


def test_a_changed_entry_with_a_fresh_digest_breaks_the_next_link(filled: Database) -> None:
    with filled.transaction() as session:
        entry = session.query(services.AuditEntry).filter_by(chain=0, number=2).one()
        entry.actor_name = "somebody else"
        covered = [column.name for column in entry.__table__.columns if column.name not in ("id", "digest")]
        text = canonical([getattr(entry, name) for name in covered])
        entry.digest = hashlib.sha256(text.encode()).hexdigest()
    assert broken(filled) == [(3, services.UNLINKED)]


def test_a_removed_entry_is_found(filled: Database) -> None:
    tamper(filled, "delete from audit_entry where chain = 0 and number = 2")
    assert broken(filled) == [(3, services.MISSING)]


def test_a_cut_off_end_is_found(filled: Database) -> None:
    tamper(filled, "delete from audit_entry where chain = 0 and number = 3")
    assert broken(filled) == [(3, services.HEAD)]


def test_a_chain_without_its_head_is_found(filled: Database) -> None:
    tamper(filled, "delete from audit_head where chain = 0")
    assert broken(filled) == [(0, services.HEAD)]


def test_a_chain_cut_off_together_with_its_head_is_found_by_a_head_kept_elsewhere(filled: Database) -> None:
    url = filled.engine.url.render_as_string(hide_password=False)
    runner = CliRunner()
    kept = runner.invoke(audit, ["heads", "--database", url]).output
    assert set(json.loads(kept)) >= {"0"}
    tamper(filled, "delete from audit_entry where chain = 0 and number = 3")
    link = "(select digest from audit_entry where chain = 0 and number = 2)"
    tamper(filled, f"update audit_head set number = 2, digest = {link} where chain = 0")
    assert runner.invoke(audit, ["verify", "--database", url]).exit_code == 0
    found = runner.invoke(audit, ["verify", "--database", url, "--heads", "-"], input=kept)
    assert found.exit_code == 1 and "kept earlier" in found.output


def test_the_command_lists_what_is_broken(filled: Database) -> None:
    url = filled.engine.url.render_as_string(hide_password=False)
    whole = CliRunner().invoke(audit, ["verify", "--database", url])
    assert (whole.exit_code, "every link holds" in whole.output) == (0, True)
    tamper(filled, "update audit_entry set actor_name = 'x' where chain = 0 and number = 1")
    found = CliRunner().invoke(audit, ["verify", "--database", url])
    assert found.exit_code == 1 and "was changed" in found.output


def test_what_is_rolled_back_leaves_no_entry(filled: Database) -> None:
    def fail(session: Session) -> None:
        record(session, Tag.USER_INVITED, session.query(Organisation).first(), SYSTEM, NOW)  # type: ignore[arg-type]  # there is one
        raise LookupError

    with pytest.raises(LookupError), filled.transaction() as session:
        fail(session)
    with filled.transaction(write=False) as session:
        assert session.query(services.AuditEntry).count() == 6


def test_facts_are_kept_as_they_were_when_recorded(database: Database) -> None:
    facts = {"names": ["甲"]}
    with database.transaction() as session:
        record(session, Tag.ORGANISATION_CHANGED, people.organisation(session), SYSTEM, NOW, facts)
        facts["names"].append("乙")
    with database.transaction(write=False) as session:
        assert session.query(services.AuditEntry).one().facts == {"names": ["甲"]}
    assert broken(database) == []


def at_once(count: int, act: Callable[[int], None]) -> list[BaseException]:
    """Run an act in several threads that start together; return what they raised."""
    barrier, raised = Barrier(count), []

    def run(number: int) -> None:
        barrier.wait()
        try:
            act(number)
        except BaseException as error:
            raised.append(error)

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_many_at_once_still_make_one_chain_from_its_first_link_on(database: Database) -> None:
    with database.transaction() as session:
        company = people.organisation(session)
        actors: list[Actor] = [actor_of(people.user(session, company, Role.MANUFACTURER)), SYSTEM]

    def write(number: int) -> None:
        for turn in range(5):
            with database.transaction() as session:
                subject = session.get_one(Organisation, company.id)
                for actor in actors if number % 2 else reversed(actors):
                    record(session, Tag.ORGANISATION_CHANGED, subject, actor, NOW, {"by": number, "turn": turn})

    assert at_once(8, write) == []
    assert broken(database) == []
    with database.transaction(write=False) as session:
        assert session.query(services.AuditEntry).count() == 8 * 5 * 2
