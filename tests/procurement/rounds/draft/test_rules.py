"""Turns, clocks and lists as pure rules: every region once, whatever people do and whenever anybody looks."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, cycle, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.errors import Conflict
from procurement.rounds.draft import rules
from procurement.rounds.draft.flow import How
from procurement.rounds.draft.rules import BrokenRecord, LotState, Pace, Terms, Wish
from procurement.rounds.flow import SupplyRole
from procurement.rounds.rules.allocation import draft_counts

START = datetime(2026, 11, 14, 1, 0, tzinfo=UTC)
TURN = timedelta(seconds=60)
MAIN, BACKUP = SupplyRole.MAIN, SupplyRole.BACKUP
LATE = START + timedelta(days=9)
PACE = Pace(START, TURN, 1)


def drafted(lot: LotState, role: SupplyRole) -> dict[str, int]:
    return {turn.region: turn.company for turn in lot.turns if turn.role is role and turn.region}


def plain(terms: Terms, lists: Mapping[int, Sequence[str]], barred: Mapping[str, int]) -> dict[str, int]:
    """Draft one role by lists, written down as the document says it."""
    done: dict[str, int] = {}
    for company in chain(repeat(terms.order[0], terms.first_picks), cycle(terms.order)):
        free = [region for region in terms.regions if region not in done and barred.get(region) != company]
        wanted = [region for region in lists.get(company, ()) if region in free]
        if free:
            done[(wanted or free)[0]] = company
        if len(done) == len(terms.regions):
            return done
    raise AssertionError


@st.composite
def lots(draw: st.DrawFn) -> tuple[Terms, dict[int, tuple[str, ...]]]:
    regions = tuple(f"{number:02}" for number in range(draw(st.integers(1, 31))))
    order = tuple(range(1, draw(st.integers(1, 10)) + 1))
    chance = random.Random(draw(st.integers(0, 2**32)))
    lists = {company: tuple(chance.sample(regions, chance.randint(0, len(regions)))) for company in order}
    return Terms(order, regions, draw(st.integers(0, 3)), draw(st.booleans())), lists


@st.composite
def drafts(draw: st.DrawFn) -> tuple[LotState, Terms]:
    """A lot played to its end: choices, late choices, refused ones, time running out, people looking in between."""
    terms, lists = draw(lots())
    chance = random.Random(draw(st.integers(0, 2**32)))
    since = {company: chance.choice([None, None, START, START + 3 * TURN]) for company in terms.order}
    wishes = {company: Wish(lists[company], since[company]) for company in terms.order}
    lot, now = rules.begun(LotState(terms), START, TURN), START
    while lot.finished is None:
        now += timedelta(seconds=chance.randint(0, 150))
        lot = rules.settle_lot(lot, wishes, turn=TURN, at=now)
        place = rules.position(lot)
        company = place.company if place and chance.random() < 0.8 else chance.choice(terms.order)
        try:
            lot = rules.chosen(lot, chance.choice(terms.regions), company=company, at=now, turn=TURN)
        except Conflict:
            continue
    return lot, terms


@settings(deadline=None)
@given(drafts())
def test_every_region_has_one_main_supplier_in_the_counts_of_the_formula(case: tuple[LotState, Terms]) -> None:
    lot, terms = case
    main = drafted(lot, MAIN)
    assert sorted(main) == sorted(terms.regions)
    counts = draft_counts(len(terms.regions), len(terms.order), terms.first_picks)
    assert [list(main.values()).count(company) for company in terms.order] == counts


@settings(deadline=None)
@given(drafts())
def test_every_region_has_a_backup_other_than_its_main_supplier(case: tuple[LotState, Terms]) -> None:
    lot, terms = case
    main, backup = drafted(lot, MAIN), drafted(lot, BACKUP)
    assert sorted(backup) == (sorted(terms.regions) if terms.backup and len(terms.order) > 1 else [])
    assert all(main[region] != company for region, company in backup.items())


@settings(deadline=None)
@given(drafts())
def test_the_record_replayed_gives_the_picks_and_a_changed_record_is_found(case: tuple[LotState, Terms]) -> None:
    lot, terms = case
    found = rules.replay(terms, lot.turns)
    assert {region: company for (role, region), (company, _turn) in found.items() if role is MAIN} == drafted(lot, MAIN)
    assert all(turn.began <= turn.ended <= turn.due for turn in lot.turns)
    assert all(one.ended == other.began for one, other in zip(lot.turns, lot.turns[1:], strict=False))
    if len(terms.order) > 1:
        wrong = replace(lot.turns[0], company=terms.order[1])
        with pytest.raises(BrokenRecord):
            rules.replay(replace(terms, first_picks=1), [wrong, *lot.turns[1:]])
    with pytest.raises(BrokenRecord):
        rules.replay(terms, [*lot.turns, lot.turns[-1]])


@settings(deadline=None)
@given(lots(), st.lists(st.integers(0, 4000), max_size=6))
def test_it_does_not_matter_who_looks_when(case: tuple[Terms, dict[int, tuple[str, ...]]], looks: list[int]) -> None:
    terms, lists = case
    wishes = {company: Wish(order) for company, order in lists.items()}
    begun = rules.begun(LotState(terms), START, TURN)
    watched = begun
    for seconds in sorted(looks):
        watched = rules.settle_lot(watched, wishes, turn=TURN, at=START + timedelta(seconds=seconds))
    assert rules.settle_lot(watched, wishes, turn=TURN, at=LATE) == rules.settle_lot(begun, wishes, turn=TURN, at=LATE)


@settings(deadline=None)
@given(lots())
def test_lists_alone_give_what_the_document_says(case: tuple[Terms, dict[int, tuple[str, ...]]]) -> None:
    terms, lists = case
    wishes = {company: Wish(order, START) for company, order in lists.items()}
    lot = rules.settle([LotState(terms)], [wishes], pace=PACE, at=START)[0]
    main = plain(terms, lists, {})
    assert drafted(lot, MAIN) == main and lot.finished == START
    if terms.backup and len(terms.order) > 1:
        assert drafted(lot, BACKUP) == plain(terms, lists, main)


def test_a_server_that_was_down_for_ten_minutes_gives_what_the_clock_says() -> None:
    terms = Terms((7, 8), ("a", "b", "c", "d", "e"), backup=False)
    wishes = {8: Wish(("e", "d"))}
    lot = rules.settle([LotState(terms)], [wishes], pace=PACE, at=START + timedelta(minutes=2, seconds=59))[0]
    assert [(turn.company, turn.region, turn.how, turn.ended - START) for turn in lot.turns] == [
        (7, "a", How.LATE_CODE, TURN), (7, "b", How.LATE_CODE, 2 * TURN),
    ]  # fmt: skip
    after = rules.settle([lot], [wishes], pace=PACE, at=START + timedelta(minutes=10))[0]
    assert [(turn.region, turn.how, turn.ended - START) for turn in after.turns[2:]] == [
        ("e", How.LATE_LIST, 3 * TURN), ("c", How.LATE_CODE, 4 * TURN), ("d", How.ONLY, 4 * TURN),
    ]  # fmt: skip
    assert after.finished == START + 4 * TURN


def test_the_due_moment_itself_is_too_late() -> None:
    lot = rules.begun(LotState(Terms((7, 8), ("a", "b", "c"))), START, TURN)
    settled = rules.settle_lot(lot, {}, turn=TURN, at=START + TURN)
    assert settled.turns[0].how is How.LATE_CODE and settled.turns[0].region == "a"
    in_time = rules.settle_lot(lot, {}, turn=TURN, at=START + TURN - timedelta(milliseconds=1))
    assert in_time.turns == ()


@pytest.mark.parametrize(
    ("company", "region", "code"),
    [(8, "b", "not-your-turn"), (7, "x", "no-such-region"), (9, "a", "not-your-turn")],
)
def test_what_may_not_be_chosen_is_refused_by_name(company: int, region: str, code: str) -> None:
    lot = rules.begun(LotState(Terms((7, 8), ("a", "b", "c"))), START, TURN)
    with pytest.raises(Conflict) as refused:
        rules.chosen(lot, region, company=company, at=START, turn=TURN)
    assert refused.value.code == code


def test_a_backup_is_never_ones_own_main_region_and_who_may_take_none_passes() -> None:
    terms = Terms((7, 8, 9), ("a", "b", "c"), first_picks=1)
    lot = rules.begun(LotState(terms), START, TURN)
    for company, region in ((7, "a"), (7, "b")):
        lot = rules.chosen(lot, region, company=company, at=START, turn=TURN)
    lot = rules.settle_lot(lot, {}, turn=TURN, at=START)  # 8 takes c, the only one left
    assert drafted(lot, MAIN) == {"a": 7, "b": 7, "c": 8}
    assert [(turn.company, turn.region, turn.how) for turn in lot.turns[3:]] == [
        (7, "c", How.ONLY), (7, None, How.PASSED),
    ]  # fmt: skip
    assert rules.position(lot) == rules.Position(BACKUP, 3, 8, ("a", "b"), ("a", "b"))


def test_so_many_lots_run_at_a_time_and_the_next_begins_where_one_ends() -> None:
    short, long = Terms((7, 8), ("a", "b"), backup=False), Terms((7, 8), ("a", "b", "c"), backup=False)
    lots_ = [LotState(long), LotState(short), LotState(short), LotState(short)]
    pace, none = Pace(START, TURN, 2), [{}, {}, {}, {}]
    found = rules.settle(lots_, none, pace=pace, at=START)
    assert [lot.began for lot in found] == [START, START, None, None]
    found = rules.settle(found, none, pace=pace, at=START + TURN)
    assert [lot.finished or lot.began for lot in found] == [START + TURN, START + TURN, START + TURN, None]
    whole = rules.settle(lots_, none, pace=pace, at=LATE)
    assert [lot.finished for lot in whole] == [START + n * TURN for n in (2, 1, 2, 3)]
    assert rules.settle(found, none, pace=pace, at=LATE) == whole


def test_a_company_is_told_how_many_turns_are_before_its_own() -> None:
    lot = rules.begun(LotState(Terms((7, 8), ("a", "b", "c"))), START, TURN)
    assert rules.coming(lot, 8) == [(MAIN, 3, 2), (BACKUP, 3, 5)]
