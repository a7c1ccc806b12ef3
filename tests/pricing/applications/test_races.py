"""Two at once, and a power cut in between: every application is decided once, whole or not at all."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.auth.queries import actor_of
from kernel.db import Database, make_engine
from kernel.errors import DomainError
from pricing.applications.flow import ApplicationAction, ApplicationState, Purpose
from pricing.applications.models import ApplicationLook, ListingApplication
from pricing.applications.rules import Draft
from pricing.applications.services import filing
from pricing.applications.services.reviewing import review, review_many
from pricing.credit.models import CommitmentLetter
from pricing.governance.cases.flow import CaseReason
from pricing.governance.cases.models import PriceCase
from pricing.governance.cases.services.opening import open_case
from pricing.listings.flow import ListingKind
from pricing.listings.models import Listing
from tests.conftest import ROOT
from tests.factories.people import user
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE, TOWN, Scene, acting, populate

TODAY, CODE = date(2026, 11, 20), "XJ01CAA040A001010100001"
A, S = ApplicationAction, ApplicationState
PLACES = [(product, region) for product in (0, 2) for region in (PROVINCE, CITY, TOWN, OTHER)]
CHILD = "import sys; from tests.pricing.applications.test_races import approve_and_die; approve_and_die(*sys.argv[1:])"


@pytest.fixture
def scene(database: Database) -> Scene:
    return prepared(database)


def prepared(database: Database) -> Scene:
    """A company with eight applications that wait for the first person."""
    with database.transaction() as session:
        scene = populate(session)
        maker = scene.users["company"]
        session.add(CommitmentLetter(
            company_id=scene.companies[0].id, year=2026, signed_by_id=maker.id, signed_at=NOW, digest="x"
        ))  # fmt: skip
        scene.users |= {who: user(session, scene.users["officer"].organisation, Role.PRICE_OFFICER)
                        for who in ("second", "third")}  # fmt: skip
        session.flush()
        drafts = [
            Draft(scene.products[product].id, region, ListingKind.LISTED, Purpose.LIST, Decimal("1.2"), TODAY, "新品",
                  CODE) for product, region in PLACES
        ]  # fmt: skip
        filing.submit_many(session, drafts=drafts, actor=acting(maker, Role.MANUFACTURER), at=NOW)
    return scene


def checked(database: Database, scene: Scene) -> list[int]:
    with database.transaction() as session:
        ids = list(session.scalars(select(ListingApplication.id).order_by(ListingApplication.id)))
        assert review_many(session, application_ids=ids, action=A.CHECK, actor=scene.officer, at=NOW).done == len(ids)
    return ids


def at_once(database: Database, *acts: Callable[[Session], Any]) -> list[Any]:
    """Let everybody act at the same moment, each in a transaction; return what came of it, or why it was refused."""
    barrier = Barrier(len(acts))

    def go(act: Callable[[Session], Any]) -> Any:
        barrier.wait()
        try:
            with database.transaction() as session:
                return act(session)
        except (DomainError, IntegrityError) as error:
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


def count(database: Database, model: Any) -> int:
    with database.transaction(write=False) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_two_who_approve_at_once_list_a_product_once(database: Database, scene: Scene) -> None:
    ids = checked(database, scene)
    officers = [acting(scene.users[who], Role.PRICE_OFFICER) for who in ("second", "third")]

    def alone(session: Session) -> Any:
        version = session.get_one(ListingApplication, ids[0]).version
        return review(
            session, application_id=ids[0], action=A.APPROVE, version=version, actor=officers[0], at=NOW
        ).state  # fmt: skip

    def many(session: Session) -> Any:
        return review_many(session, application_ids=ids, action=A.APPROVE, actor=officers[1], at=NOW).done

    one, batch = at_once(database, alone, many)
    assert (one is S.APPROVED, batch) in {(True, len(ids) - 1), (False, len(ids))}
    assert count(database, Listing) == len(ids)
    with database.transaction(write=False) as session:
        approved = select(ApplicationLook).where(ApplicationLook.action == A.APPROVE)
        assert len(session.scalars(approved).all()) == len(ids)


def test_what_is_withdrawn_is_not_approved_and_what_is_approved_not_withdrawn(database: Database, scene: Scene) -> None:
    ids = checked(database, scene)
    maker, officer = acting(scene.users["company"], Role.MANUFACTURER), acting(scene.users["third"], Role.PRICE_OFFICER)
    at_once(
        database,
        lambda session: filing.withdraw(session, application_id=ids[0], actor=maker, at=NOW).state,
        lambda session: review_many(session, application_ids=ids, action=A.APPROVE, actor=officer, at=NOW),
    )
    with database.transaction(write=False) as session:
        first = session.get_one(ListingApplication, ids[0])
        assert first.state in (S.APPROVED, S.WITHDRAWN)
        assert (first.listing_id is not None) is (first.state is S.APPROVED)
    assert count(database, Listing) == len(ids) - (first.state is S.WITHDRAWN)


def test_two_officers_who_ask_about_a_price_at_once_open_one_case(database: Database, scene: Scene) -> None:
    ids = checked(database, scene)
    with database.transaction() as session:
        third = acting(scene.users["third"], Role.PRICE_OFFICER)
        review_many(session, application_ids=ids, action=A.APPROVE, actor=third, at=NOW)
        listing = session.scalars(select(Listing.id).order_by(Listing.id)).first()
    assert listing is not None

    def ask(session: Session) -> int:
        return open_case(
            session, listing_ids=[listing], reason=CaseReason.HIGH, text="偏高", actor=scene.officer, at=NOW
        ).id  # fmt: skip

    found = at_once(database, ask, ask, ask)
    assert sum(isinstance(one, int) for one in found) == 1
    assert count(database, PriceCase) == 1


def approve_and_die(url: str, number: str, officer: str, steps: str) -> None:
    """In the child: approve everything, and fall dead at a flush of it."""
    import wsgi

    wsgi.load_models()
    left = [int(steps)]

    def fall(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    database = Database(make_engine(url))
    with database.transaction() as session:
        actor = actor_of(session.get_one(User, int(officer)))
        event.listen(session, "after_flush", fall)
        review_many(session, application_ids=range(1, int(number) + 1), action=A.APPROVE, actor=actor, at=NOW)


def test_a_batch_that_is_cut_off_is_approved_whole_or_not_at_all(
    sqlite_template: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    path = tmp_path / "killed.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(make_engine(f"sqlite:///{path}"))
    scene = prepared(database)
    ids = checked(database, scene)
    for steps in (1, 2, 3):
        given = [f"sqlite:///{path}", str(len(ids)), str(scene.users["second"].id), str(steps)]
        done = subprocess.run([sys.executable, "-c", CHILD, *given], cwd=ROOT, check=False)
        assert done.returncode == -signal.SIGKILL
        with database.transaction(write=False) as session:
            assert set(session.scalars(select(ListingApplication.state))) == {S.CHECKED}
        assert count(database, Listing) == 0
    with database.transaction() as session:
        second = acting(scene.users["second"], Role.PRICE_OFFICER)
        assert review_many(session, application_ids=ids, action=A.APPROVE, actor=second, at=NOW).done == len(ids)
    assert count(database, Listing) == len(ids)
