"""A live draft through its services: turns, clock, pauses, lists, other people's attempts, races."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import Conflict, DomainError, Invalid, NotFound
from procurement.rounds.draft import queries, rules
from procurement.rounds.draft.flow import DRAFT_FLOW, DraftAction, DraftState, Ending, How
from procurement.rounds.draft.models import DraftTurn, RegionDraft
from procurement.rounds.draft.rules import LotState, Pace, Terms, Wish
from procurement.rounds.draft.services import lists, sessions, turns
from procurement.rounds.draft.services.sessions import Setting
from procurement.rounds.flow import SupplyRole
from procurement.rounds.models.awards import Pick
from procurement.rounds.services import announcing, evaluation
from procurement.rounds.voids import services as voids
from procurement.rounds.voids.flow import VoidReason
from tests.procurement.rounds.scene import OPENED, Scene, populate

DAY = OPENED + timedelta(days=1)
TURN = timedelta(seconds=60)
SIX = tuple(f"32{number:02}00" for number in range(1, 7))
ORDER = (5, 1, 2, 3)  # of lot 1 by price; 4 is dearest


@pytest.fixture
def wide(session: Session) -> Scene:
    """A round over six regions, its winners announced."""
    scene = populate(session, regions=SIX)
    scene.announced("batch-9", {1: ("0.5000", "0.6000", "0.7000", "1.9000", "0.4000"), 2: ("1.0000", "1.1000")})
    return scene


def opened(scene: Scene, lots: tuple[int, ...] = (1,), **values: Any) -> RegionDraft:
    setting = Setting(**({"seconds": 60, "starts_at": DAY + timedelta(seconds=10)} | values))
    return scene.does(sessions.open_draft, at=DAY, setting=setting, lots=lots)


def seconds(count: float) -> datetime:
    """An instant so long after the draft's start."""
    return DAY + timedelta(seconds=10 + count)


def choose(scene: Scene, company: int, region: str, at: float, lot: int = 1, **values: Any) -> Any:
    return scene.does(
        turns.choose, f"c{company}", at=seconds(at), number=1, lot_number=lot, region_code=region, **values
    )


def taken(scene: Scene, lot: int = 1) -> list[tuple[int, str | None, How]]:
    rows = scene.session.scalars(select(DraftTurn).order_by(DraftTurn.id))
    number = {scene.company(one): one for one in range(1, 6)}
    drafts = scene.session.scalars(select(RegionDraft))
    ids = {row.id for draft in drafts for row in draft.lots if row.lot.number == lot}
    return [(number[row.company_id], row.region_code, row.how) for row in rows if row.draft_lot_id in ids]


def test_winners_choose_in_their_turn_and_nobody_else(wide: Scene) -> None:
    opened(wide)
    with pytest.raises(Conflict) as early:
        choose(wide, 5, "320100", -1)
    assert early.value.code == "draft-not-running"
    choose(wide, 5, "320300", 3)
    with pytest.raises(Conflict) as other:
        choose(wide, 1, "320100", 4)
    assert other.value.code == "not-your-turn"  # rank 1 picks once before the rounds begin
    choose(wide, 5, "320400", 5)
    with pytest.raises(Conflict) as gone:
        choose(wide, 1, "320300", 6)
    assert gone.value.code == "region-taken"
    with pytest.raises(NotFound):
        choose(wide, 4, "320100", 7)  # it lost
    with pytest.raises(NotFound):
        wide.does(turns.choose, "h1", at=seconds(7), number=1, lot_number=1, region_code="320100")
    with pytest.raises(NotFound):
        choose(wide, 1, "320100", 7, lot=2)  # lot 2 is in no draft
    assert taken(wide) == [(5, "320300", How.CHOSE), (5, "320400", How.CHOSE)]


def test_a_choice_that_is_late_by_a_moment_finds_its_turn_settled(wide: Scene) -> None:
    opened(wide)
    choose(wide, 5, "320600", 50)
    with pytest.raises(Conflict) as late:
        choose(wide, 1, "320500", 100)
    choose(wide, 1, "320500", 115)  # the second turn was due at 110; a busy machine adds seconds
    assert late.value.code == "not-your-turn"
    assert taken(wide) == [(5, "320600", How.CHOSE), (5, "320100", How.LATE_CODE), (1, "320500", How.CHOSE)]


def test_turns_of_a_dead_server_are_settled_each_at_its_own_time_by_whoever_comes_first(wide: Scene) -> None:
    wish = ["320500", *(code for code in SIX if code != "320500")]
    wide.does(lists.prefer, "c1", at=DAY, lot_number=1, region_codes=wish)
    opened(wide)
    choose(wide, 2, "320600", 210)
    assert taken(wide) == [
        (5, "320100", How.LATE_CODE), (5, "320200", How.LATE_CODE), (1, "320500", How.LATE_LIST),
        (2, "320600", How.CHOSE),
    ]  # fmt: skip
    ended = wide.session.scalars(select(DraftTurn.ended_at).order_by(DraftTurn.id)).all()
    assert ended[:3] == [seconds(60), seconds(120), seconds(180)]


def test_a_new_list_does_not_reach_back_to_a_turn_that_is_over(wide: Scene) -> None:
    opened(wide)
    wide.does(lists.prefer, "c5", at=seconds(61), lot_number=1, region_codes=list(reversed(SIX)))
    wide.act(turns.settle_due, at=seconds(121))
    assert taken(wide) == [(5, "320100", How.LATE_CODE), (5, "320600", How.LATE_LIST)]


def test_a_company_that_leaves_its_turns_to_its_list_is_not_waited_for(wide: Scene) -> None:
    opened(wide)
    wide.does(lists.prefer, "c5", at=seconds(5), lot_number=1, region_codes=list(reversed(SIX)), represents=True)
    assert taken(wide) == [(5, "320600", How.LIST), (5, "320500", How.LIST)]
    choose(wide, 1, "320100", 64)  # its minute began at second 5
    with pytest.raises(Conflict):
        choose(wide, 5, "320200", 65)


def test_a_pause_stops_the_clock_and_gives_back_the_time_that_was_left(wide: Scene) -> None:
    draft = opened(wide)
    with pytest.raises(Invalid):
        wide.does(sessions.pause, at=seconds(50), number=1, reason=" ")
    wide.does(sessions.pause, at=seconds(50), number=1, reason="机房断电")
    assert wide.act(turns.settle_due, at=seconds(500)) == 0
    with pytest.raises(Conflict):
        choose(wide, 5, "320100", 55)
    wide.does(sessions.resume, at=seconds(1050), number=1)
    wide.act(turns.settle_due, at=seconds(1059))
    assert taken(wide) == []
    choose(wide, 5, "320100", 1059)
    assert (draft.state, len(draft.pauses)) == (DraftState.RUNNING, 1)


def test_the_agency_enters_a_choice_only_with_a_word_on_who_asked_for_it(wide: Scene) -> None:
    opened(wide)
    with pytest.raises(Invalid):
        wide.does(turns.choose, at=seconds(1), number=1, lot_number=1, region_code="320100")
    wide.does(turns.choose, at=seconds(1), number=1, lot_number=1, region_code="320100", note="企业代表现场书面委托")
    assert taken(wide) == [(5, "320100", How.AGENCY)]


def test_a_draft_starts_by_hand_and_ends_with_a_reason_whose_record_stays(wide: Scene) -> None:
    draft = opened(wide, starts_at=None)
    with pytest.raises(Conflict):
        choose(wide, 5, "320100", 9)
    wide.does(sessions.start, at=seconds(10), number=1)
    choose(wide, 5, "320100", 69)
    with pytest.raises(Conflict):
        wide.does(sessions.open_draft, at=seconds(70), setting=Setting())
    wide.does(sessions.cancel, at=seconds(70), number=1, reason="顺位有误")
    assert (draft.state, draft.ending) == (DraftState.CANCELLED, Ending.BY_HAND)
    assert taken(wide) == [(5, "320100", How.CHOSE)] and wide.session.scalar(select(func.count(Pick.id))) == 0
    wide.does(sessions.open_draft, at=seconds(80), setting=Setting())
    assert queries.next_number(wide.session, wide.round_) == 3


def test_a_new_evaluation_and_a_void_round_end_the_draft(wide: Scene) -> None:
    draft = opened(wide)
    choose(wide, 5, "320100", 1)
    wide.does(evaluation.evaluate, at=seconds(5))
    assert (draft.state, draft.ending) == (DraftState.CANCELLED, Ending.EVALUATED)
    wide.does(announcing.announce, at=seconds(6))
    again = wide.does(sessions.open_draft, at=seconds(7), setting=Setting())
    values = {"lot_number": None, "reason": VoidReason.OTHER, "text": "试验"}
    asked = wide.does(voids.ask, at=seconds(8), **values)
    wide.does(voids.confirm, "reviewer", at=seconds(8), request_id=asked.id)
    assert (again.state, again.ending) == (DraftState.CANCELLED, Ending.VOID)


def test_the_award_settles_what_the_clock_has_made_true_and_waits_for_the_rest(wide: Scene) -> None:
    opened(wide, (), at_once=9, seconds=5)
    with pytest.raises(DomainError) as refused:
        wide.does(announcing.award, "reviewer", at=seconds(1))
    assert refused.value.code == "not-yet"
    wide.does(announcing.award, "reviewer", at=OPENED + timedelta(days=5))
    draft = wide.session.scalars(select(RegionDraft)).one()
    assert draft.state is DraftState.FINISHED
    assert draft.finished_at == seconds(5 * 9)  # lot 1: nine turns by the clock, the others were forced


def test_a_lot_is_drafted_anew_only_with_a_reason(wide: Scene) -> None:
    wide.does(sessions.run, at=DAY)
    for again in (wide.does,):
        with pytest.raises(Invalid) as refused:
            again(sessions.run, at=DAY, lots=[1])
        assert set(refused.value.fields) == {"reason"}
    with pytest.raises(Invalid):
        wide.does(sessions.run, at=DAY)  # nothing is left to draft
    wide.does(sessions.run, at=DAY, lots=[1], reason="意愿顺序录入有误")
    assert {draft.reason for draft in wide.session.scalars(select(RegionDraft))} == {"", "意愿顺序录入有误"}


@pytest.mark.parametrize(("field", "values"), [
    ("seconds", {"seconds": 2}), ("at_once", {"at_once": 0}), ("starts_at", {"starts_at": DAY - timedelta(seconds=1)}),
])  # fmt: skip
def test_a_setting_that_makes_no_sense_is_refused(wide: Scene, field: str, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        opened(wide, **values)
    assert set(refused.value.fields) == {field}


def test_lists_alone_give_what_the_pure_rules_give_and_the_record_gives_the_picks(wide: Scene) -> None:
    orders = {5: SIX[::-1], 1: SIX[2:] + SIX[:2], 3: SIX}
    for company, order in orders.items():
        wide.does(lists.prefer, f"c{company}", at=DAY, lot_number=1, region_codes=list(order))
    opened(wide, seconds=7)
    for second in range(0, 200, 13):
        wide.act(turns.settle_due, at=seconds(second))
    terms = Terms(tuple(map(wide.company, ORDER)), SIX, 1, True)
    wishes = {wide.company(company): Wish(order, DAY) for company, order in orders.items()}
    pure = rules.settle([LotState(terms)], [{c: wishes.get(c, Wish((), DAY)) for c in terms.order}],
                        pace=Pace(DAY, TURN, 1), at=DAY)[0]  # fmt: skip
    picks = wide.session.scalars(select(Pick).where(Pick.lot_id == wide.lots[1].id))
    found = {(one.role, one.region_code): (one.company_id, one.turn) for one in picks}
    assert found == rules.replay(terms, pure.turns)
    draft = wide.session.scalars(select(RegionDraft).execution_options(populate_existing=True)).one()
    stored = queries.standing(wide.session, draft, seconds(999)).lots[0]
    assert rules.replay(stored.terms, stored.turns) == found
    assert {role for role, _region in found} == {SupplyRole.MAIN, SupplyRole.BACKUP}


def test_every_state_allows_what_the_table_lists_and_nothing_else(wide: Scene) -> None:
    verbs: dict[DraftAction, tuple[Callable[..., Any], dict[str, Any]]] = {
        DraftAction.START: (sessions.start, {}),
        DraftAction.PAUSE: (sessions.pause, {"reason": "试验"}),
        DraftAction.RESUME: (sessions.resume, {}),
        DraftAction.CANCEL: (sessions.cancel, {"reason": "试验"}),
    }
    draft = opened(wide, starts_at=None, seconds=3600)
    for step in (None, DraftAction.START, DraftAction.PAUSE, DraftAction.RESUME, DraftAction.CANCEL):
        if step:
            wide.does(verbs[step][0], at=seconds(20), number=1, **verbs[step][1])
        for action, (verb, values) in verbs.items():
            if not DRAFT_FLOW.allows(draft.state, action):
                with pytest.raises(Conflict):
                    wide.does(verb, at=seconds(20), number=1, **values)
