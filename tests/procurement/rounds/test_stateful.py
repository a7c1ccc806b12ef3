"""Roles × acts × clock, at random: no illegal step succeeds, no decision changes without a new version.

Every step goes through the pages of the whole application, as whoever it is, at an instant the machine chooses. What
is legal is told by `life.Life`, which was written apart from the code. `make test` runs a few lives, `make test-long`
two thousand; the same ones every time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from kernel import clock
from kernel.db import Database
from procurement.bids.models import Bid, OpenedLine
from procurement.rounds.models.rounds import Extension, Round
from procurement.rounds.queries import results, supply
from tests.ci import IN_CI
from tests.procurement.rounds.held import Held
from tests.procurement.rounds.life import COMPANIES, PEOPLE, PUBLICITY, Life
from tests.procurement.rounds.scene import DEADLINE, RECEIVES, START
from tests.procurement.rounds.site import Site, make
from tests.procurement.rounds.traces import entries, snapshot, versions

PRICES = ("0.5000", "0.5000", "0.9000", "1.2000", "1.9000")
LOTS = (1, 2)
BEGUN = ("draft", "bidding", "opened", "evaluated")
FORWARD = ("publish", "open", "evaluate", "announce", "award", "close")
# Hypothesis's own way with choices, but under another name it does not vary a life it has just lived: most lives were
# near copies of one another
AVAILABLE_PROVIDERS["unvaried"] = "hypothesis.internal.conjecture.providers.HypothesisProvider"


def machine(site: Site, held: Held, tally: Counter[tuple[str, str]]) -> type[RuleBasedStateMachine]:
    """A machine over one built scene; every life starts from it. `tally` counts what was tried."""

    class RoundLife(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            held.again()
            tally["a life", "begun"] += 1
            self.life = Life(receives=RECEIVES, deadline=DEADLINE, now=START)
            self.known: dict[int, Any] = {}
            self.seen = snapshot(held)

        @initialize(begun=st.sampled_from(BEGUN), prices=st.lists(st.sampled_from(PRICES), min_size=6, max_size=6))
        def lives_begin_at_different_stages(self, begun: str, prices: list[str]) -> None:
            """Random acts alone would hardly ever reach the later stages; each step on the way is tried like any."""
            way = BEGUN.index(begun)
            if way:
                self.tried("publish", "reviewer", 0, "/publish", {})
                self.time_passes("receives")
                for place, price in enumerate(prices[: 6 if way > 1 else 2]):
                    self.bids(COMPANIES[place % 3], LOTS[place // 3], price)
            for act in ("open", "evaluate")[: max(0, way - 1)]:
                self.time_passes("deadline")
                self.tried(act, "officer", 0, f"/{act}", {})

        # -- the clock

        @rule(by=st.sampled_from(["second", "hour", "day", "receives", "deadline", "last second", "publicity"]))
        def time_passes(self, by: str) -> None:
            life = self.life
            marks = {"receives": life.receives, "deadline": life.deadline,
                     "last second": life.deadline - timedelta(seconds=1),
                     "publicity": life.publicity_ends or life.now}  # fmt: skip
            steps = {"second": timedelta(seconds=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
            life.now = max(life.now, marks[by] if by in marks else life.now + steps[by])

        # -- the acts

        @rule(
            who=st.sampled_from(PEOPLE),
            act=st.sampled_from(["publish", "open", "evaluate", "announce", "award", "close"]),
        )
        def acts_on_the_round(self, who: str, act: str) -> None:
            self.tried(act, who, 0, f"/{act}", {})

        @rule(who=st.sampled_from(PEOPLE), lot=st.sampled_from(LOTS), price=st.sampled_from(PRICES))
        def bids(self, who: str, lot: int, price: str) -> None:
            own = site.built.lots[lot]
            form = {
                f"price-{own.specifications[0].specification_id}": price,
                "revision": revision(site, held, who, lot),
            }
            self.tried("bid", who, lot, f"//procurement/bids/{self.box}/lots/{own.id}", form)

        @rule(who=st.sampled_from(COMPANIES), lot=st.sampled_from(LOTS))
        def takes_its_bid_back(self, who: str, lot: int) -> None:
            form = {"lot": str(site.built.lots[lot].id)}
            self.tried("withdraw", who, lot, f"//procurement/bids/{self.box}/withdrawal", form)

        @rule(who=st.sampled_from(PEOPLE), days=st.integers(0, 3))
        def asks_for_more_time_or_confirms_it(self, who: str, days: int) -> None:
            if not days:
                return self.confirms(who)
            later = self.life.deadline + timedelta(days=days)
            form = {"deadline": f"{clock.beijing(later):%Y-%m-%dT%H:%M:%S}", "reason": "节假日"}
            return self.tried("extend", who, 0, "/extension", form, later)

        def confirms(self, who: str) -> None:
            with held.transaction(write=False) as session:
                newest = session.scalar(select(func.max(Extension.id))) or 0
            self.tried("confirm", who, 0, f"/extension/{newest}/confirm", {})

        @rule(who=st.sampled_from(PEOPLE), lot=st.sampled_from(LOTS))
        def records_a_draw(self, who: str, lot: int) -> None:
            form: dict[str, str] = {"witness": "严正"}
            with held.transaction(write=False) as session:
                round_ = session.get_one(Round, site.built.round_id)
                evaluation = results.latest(session, round_)
                if evaluation is not None:
                    rows = results.decisions(session, evaluation, lot_id=site.built.lots[lot].id)
                    tied = [one for group in results.tied_groups(rows) for one in group]
                    form |= {f"order-{one.company_id}": str(place) for place, one in enumerate(tied, 1)}
            self.tried("draw", who, lot, f"/lots/{lot}/draw", form)

        @rule(who=st.sampled_from(PEOPLE))
        def drafts_the_regions(self, who: str) -> None:
            self.tried("choose", who, 0, "/draft/new", {"kind": "lists", "lots": sorted(self.life.chooses)})

        @rule(choice=st.integers(0, 999))
        def somebody_does_what_is_due(self, choice: int) -> None:
            """Random acts alone would hardly ever reach an award: let whoever may take the round a step on."""
            legal = [(act, who) for act in FORWARD for who in PEOPLE if self.life.may(act, who)
                     and (act, self.life.stage) != ("evaluate", "announced")]  # fmt: skip
            if legal:
                act, who = legal[choice % len(legal)]
                self.tried(act, who, 0, f"/{act}", {})
            elif self.life.stage == "published":
                self.time_passes("deadline" if choice % 3 else "receives")
            elif self.life.may("choose", "officer"):
                self.drafts_the_regions("officer")
            elif self.life.stage == "announced":
                self.time_passes("publicity")

        # -- how an act is tried, and what it may have changed

        @property
        def box(self) -> int:
            assert site.built.round_ is not None
            return site.built.round_.box_id

        def tried(self, act: str, who: str, lot: int, url: str, form: dict[str, Any], *told: Any) -> None:
            """Post a form at the life's instant: it takes effect exactly where the rules of the round say so."""
            legal, events = self.life.may(act, who, lot), entries(held)
            with clock.travel(to=self.life.now + timedelta(milliseconds=2)):
                answer = site.post(url, who, **form)
            assert answer.status_code < 500, answer.text[:400]
            done = entries(held) > events
            assert done == legal, (act, who, lot, self.life, answer.status_code)
            tally[act, "legal" if legal else "refused"] += 1
            before, self.seen = self.seen, snapshot(held)
            if legal:
                self.note(act, who, lot, *told)
            else:
                assert self.seen == before, (act, who, self.life)

        def note(self, act: str, who: str, lot: int, *told: Any) -> None:
            """Follow what happened."""
            life = self.life
            stages = {"publish": "published", "open": "opened", "evaluate": "evaluated", "draw": "evaluated",
                      "announce": "announced", "award": "awarded", "close": "closed"}  # fmt: skip
            life.stage = stages.get(act, life.stage)
            if act == "bid":
                life.bids.add((who, lot))
            elif act == "withdraw":
                life.bids.discard((who, lot))
            elif act == "extend":
                life.asked = (who, told[0])
            elif act == "confirm" and life.asked is not None:
                life.deadline, life.asked = life.asked[1], None
            elif act == "announce":
                life.announced_by = who
                with held.transaction(write=False) as session:  # to the moment, which lies within the request
                    life.publicity_ends = session.get_one(Round, site.built.round_id).publicity_ends
                assert life.publicity_ends is not None
                assert timedelta(0) <= life.publicity_ends - life.now - PUBLICITY < timedelta(minutes=1)
            elif act == "choose":
                life.drafted = True
            if act in ("evaluate", "draw"):
                life.drafted = False
                self.look()

        def look(self) -> None:
            """Read off what the evaluation left open: ties, shared ranks, who chooses regions."""
            with held.transaction(write=False) as session:
                round_ = session.get_one(Round, site.built.round_id)
                evaluation = results.latest(session, round_)
                assert evaluation is not None
                self.life.ties = {one.lot.number for one in results.undrawn(session, evaluation)}
                choosing = supply.choosing(session, evaluation)
                numbers = {lot.id: number for number, lot in site.built.lots.items()}
                self.life.chooses = {numbers[lot_id] for lot_id in choosing}
                by_lot = groupby(results.decisions(session, evaluation), key=lambda one: one.lot.number)
                self.life.shared = {number for number, part in by_lot if results.tied_groups(part)}

        # -- what holds at every moment

        @invariant()
        def no_price_is_known_before_the_opening(self) -> None:
            if self.life.stage in ("draft", "published"):
                with held.transaction(write=False) as session:
                    assert session.scalar(select(func.count()).select_from(OpenedLine)) == 0

        @invariant()
        def no_decision_changes_without_a_new_version(self) -> None:
            found = versions(held)
            assert {key: found.get(key) for key in self.known} == self.known
            if set(found) - set(self.known):
                assert max(found) == max(set(found) - set(self.known))
            self.known = found

    return RoundLife


def revision(site: Site, held: Held, who: str, lot: int) -> str:
    """Which revision of its bid a form of the company shows; withdrawn ones count on."""
    company, lot_id = site.built.actors[who].organisation_id if who else None, site.built.lots[lot].id
    with held.transaction(write=False) as session:
        query = select(Bid.revision).where(Bid.company_id == company, Bid.lot_id == lot_id)
        return str(session.scalar(query) or 0)


@dataclass
class Lives:
    """A machine and what was tried with it."""

    machine: type[RuleBasedStateMachine]
    tally: Counter[tuple[str, str]]


@pytest.fixture
def lives(app: Flask, database: Database) -> Iterator[Lives]:
    """The machine over a draft of a round with three companies."""
    tally: Counter[tuple[str, str]] = Counter()
    site = make(app, database, companies=len(COMPANIES))
    with site.scene() as scene, clock.travel(to=START):
        scene.draft("batch-4")
    held = Held(database.engine)
    app.extensions["jicai-database"] = held
    site.database = held
    yield Lives(machine(site, held, tally), tally)
    held.end()


def run(lives: Lives, number: int, figure: Callable[[str], None], *, part: int = 0) -> None:
    """Live that many lives, other ones in every part, and keep what was tried as a figure."""
    limits = settings(
        max_examples=number, stateful_step_count=15, deadline=None, database=None, backend="unvaried",
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a life that fails is short enough to read; making it shorter takes minutes
    )  # fmt: skip
    run_state_machine_as_test(seed(part)(lives.machine), settings=limits)  # type: ignore[no-untyped-call]  # its own
    figure("lives of a round: " + ", ".join(f"{act} {how} {n}" for (act, how), n in sorted(lives.tally.items())))


def test_no_illegal_step_succeeds(lives: Lives, figure: Callable[[str], None]) -> None:
    run(lives, 15, figure)


@pytest.mark.long
@pytest.mark.parametrize("part", range(1, 4 if IN_CI else 13))
def test_no_illegal_step_succeeds_in_many_lives(
    lives: Lives, database: Database, part: int, figure: Callable[[str], None]
) -> None:
    """Of PostgreSQL fewer: how it differs is in the types and the locks, not in the rules."""
    run(lives, 150 if database.engine.dialect.name == "sqlite" else 25, figure, part=part)
