"""Offers go out in stages; answers count until the deadline, at the price they were given for."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from kernel.audit.models import AuditEntry
from kernel.audit.services import verify
from kernel.auth.actor import SYSTEM
from kernel.errors import Conflict, FileRefused, Invalid, NotFound
from kernel.notices.models import Notice
from procurement.bids.models import OpenedLine
from procurement.rounds.flow import Outcome, RoundState
from procurement.rounds.revivals import queries, services
from procurement.rounds.revivals.flow import OfferState
from procurement.rounds.services import announcing
from procurement.tags import Tag
from tests.procurement.rounds.revivals.scenes import (
    DEADLINE,
    SECOND,
    SENT,
    answer,
    decisions,
    evaluate,
    send,
    staged,
)  # fmt: skip
from tests.procurement.rounds.scene import Scene
from tests.procurement.rounds.site import Site

PDF = b"%PDF-1.7 an answer"


def codes(refused: FileRefused) -> set[str]:
    return {issue.code for issue in refused.issues}


def test_the_shortlisted_are_asked_first_and_their_price_moves_the_others(scene: Scene) -> None:
    staged(scene)
    first = send(scene)
    assert {number: (one.kind.value, one.price) for number, one in first.items()} == {
        2: ("revival-shortlisted", Decimal("0.9900")), 3: ("revival-shortlisted", Decimal("0.9900"))
    }  # fmt: skip
    with pytest.raises(Conflict):
        send(scene)
    answer(scene, 2, first[2], True)
    answer(scene, 3, first[3], False)
    found = evaluate(scene, SECOND)
    assert (found[2].decided_by, found[2].winning_price, found[3].outcome) == (
        "revival-shortlisted", Decimal("0.9900"), Outcome.LOST,
    )  # fmt: skip
    second = send(scene, SECOND, SECOND + timedelta(hours=1))
    assert {number: (one.kind.value, one.price, one.chooses_regions, one.volume) for number, one in second.items()} == {
        4: ("revival-unlisted", Decimal("0.9900"), False, "own-brand")
    }
    answer(scene, 4, second[4], True, SECOND)
    found = evaluate(scene, SECOND + timedelta(hours=2))
    assert found[4].decided_by == "revival-unlisted" and found[2].outcome is Outcome.WON
    scene.does(announcing.announce, at=SECOND + timedelta(hours=2))


def test_a_declined_first_stage_leaves_the_others_the_lower_price(scene: Scene) -> None:
    staged(scene)
    for number, one in send(scene).items():
        answer(scene, number, one, False)
    assert {one.price for one in send(scene, SECOND, SECOND + timedelta(hours=1)).values()} == {Decimal("0.4000")}


def test_whoever_fails_a_condition_reads_which(scene: Scene) -> None:
    staged(scene)
    found = decisions(scene)
    assert found[1].revival is None
    barred = found[5].revival
    assert barred is not None and not barred["allowed"]
    failed = {step["code"]: (step["value"], step["limit"]) for step in barred["conditions"] if not step["passed"]}
    assert failed["revival-not-highest"] == ("1.7000", "1.7000")
    allowed = found[4].revival
    assert allowed is not None and allowed["allowed"]
    assert next(s for s in allowed["conditions"] if s["code"] == "revival-demand")["limit"] == "100.0000"


def test_an_answer_at_the_deadline_is_too_late_and_silence_has_declined(scene: Scene) -> None:
    staged(scene)
    first = send(scene)
    answer(scene, 2, first[2], True, DEADLINE - timedelta(seconds=1))
    with pytest.raises(Conflict) as refused:
        answer(scene, 3, first[3], True, DEADLINE)
    assert refused.value.code == "revival-too-late"
    assert queries.state_of(first[3], DEADLINE) is OfferState.LAPSED and first[3].state is OfferState.OPEN
    assert services.settle_due(scene.session, actor=SYSTEM, at=DEADLINE) == 1
    assert services.settle_due(scene.session, actor=SYSTEM, at=DEADLINE) == 0
    with pytest.raises(Conflict):
        answer(scene, 3, first[3], True, DEADLINE)
    assert evaluate(scene, SECOND)[3].outcome is Outcome.LOST


def test_an_answer_is_final_and_only_the_company_s_own(scene: Scene) -> None:
    staged(scene)
    first = send(scene)
    made = answer(scene, 2, first[2], True)
    assert made.receipt.startswith("LM-2026-01-") and len(made.digest) == 64
    with pytest.raises(Conflict) as refused:
        answer(scene, 2, first[2], False)
    assert refused.value.code == "revival-answered"
    for stranger in (3, 1):
        with pytest.raises(NotFound):
            answer(scene, stranger, first[2], True)
    assert first[2].accepts is True


def test_a_deadline_has_to_lie_ahead(scene: Scene) -> None:
    staged(scene)
    for wrong in (SENT, SENT - timedelta(seconds=1), SENT + timedelta(days=31)):
        with pytest.raises(Invalid):
            send(scene, SENT, wrong)


def test_nothing_is_announced_while_a_revival_is_undecided(scene: Scene) -> None:
    staged(scene)

    def refused(at: object) -> set[str]:
        with pytest.raises(FileRefused) as stopped:
            scene.does(announcing.announce, at=at)
        return codes(stopped.value)

    assert refused(SENT) == {"revival-not-offered"}
    first = send(scene)
    assert refused(SENT) == {"revival-open", "revival-not-offered"}
    answer(scene, 2, first[2], True)
    assert refused(DEADLINE) == {"revival-unread", "revival-not-offered"}
    evaluate(scene, SECOND)
    assert refused(SECOND) == {"revival-not-offered"}
    send(scene, SECOND, SECOND + timedelta(hours=1))
    assert refused(SECOND + timedelta(minutes=59)) == {"revival-open"}
    scene.does(announcing.announce, at=SECOND + timedelta(hours=1))
    assert scene.round_ is not None and scene.round_.state is RoundState.ANNOUNCED


def test_an_acceptance_is_bound_to_its_price(scene: Scene) -> None:
    staged(scene)
    first = send(scene)
    answer(scene, 2, first[2], True)
    line = scene.session.scalars(select(OpenedLine).where(OpenedLine.company_id == scene.company(3))).one()
    line.unit_price, line.typed = Decimal("1.4500"), "1.4500"  # mean 1.083333…, anchor 0.541666…, limit 0.975
    found = evaluate(scene, SECOND)
    assert found[2].outcome is Outcome.LOST and found[2].revival is not None
    assert found[2].revival["price"] == "0.9750"
    assert (first[2].state, first[2].accepts, first[3].state) == (OfferState.SUPERSEDED, True, OfferState.SUPERSEDED)
    told = scene.session.scalars(select(Notice.code).where(Notice.code == "revival-changed")).all()
    assert len(told) == 1  # the one who accepted; the other's time was over
    with pytest.raises(Conflict):
        answer(scene, 3, first[3], True, SECOND)
    again = send(scene, SECOND, SECOND + timedelta(hours=1))
    assert {number: one.price for number, one in again.items()} == {2: Decimal("0.9750"), 3: Decimal("0.9750")}
    answer(scene, 2, again[2], True, SECOND)
    assert evaluate(scene, SECOND + timedelta(hours=2))[2].winning_price == Decimal("0.9750")


def test_what_stands_is_not_asked_again_by_a_new_evaluation(scene: Scene) -> None:
    staged(scene)
    first = send(scene)
    answer(scene, 2, first[2], True)
    evaluate(scene, SENT + timedelta(minutes=10))
    assert first[3].state is OfferState.OPEN and first[2].state is OfferState.ACCEPTED
    answer(scene, 3, first[3], True, SENT + timedelta(minutes=20))
    found = evaluate(scene, SENT + timedelta(minutes=30))
    assert {number for number, one in found.items() if one.outcome is Outcome.WON} == {1, 2, 3}


def test_paper_that_came_in_time_counts_and_is_marked(scene: Scene) -> None:
    staged(scene)
    first = send(scene)
    values = {"offer_id": first[3].id, "accepts": True, "note": "函〔2026〕7 号", "name": "a.pdf", "content": PDF}
    for wrong in (
        {"received_at": DEADLINE}, {"received_at": SENT - timedelta(seconds=1)}, {"received_at": None},
        {"received_at": SENT, "note": " "}, {"received_at": SENT, "content": b"no pdf"},
    ):  # fmt: skip
        with pytest.raises(Invalid), scene.session.begin_nested():
            scene.does(services.record_paper, at=SECOND, **{**values, **wrong})
    scene.session.expire_all()
    made = scene.does(
        services.record_paper, at=SECOND, received_at=DEADLINE - timedelta(seconds=1), **values
    )  # fmt: skip
    assert (made.state, made.on_paper, made.note) == (OfferState.ACCEPTED, True, "函〔2026〕7 号")
    with pytest.raises(Conflict):
        answer(scene, 3, first[3], False)
    assert evaluate(scene, SECOND)[3].decided_by == "revival-shortlisted"


def test_every_act_is_in_the_chain(site: Site) -> None:
    with site.scene() as scene:
        staged(scene)
        first = send(scene)
        answer(scene, 2, first[2], True)
        evaluate(scene, SECOND)
    with site.scene() as scene:
        tags = set(scene.session.scalars(select(AuditEntry.tag)))
        assert list(verify(scene.session)) == []
    assert {Tag.REVIVALS_SENT, Tag.REVIVAL_ANSWERED, Tag.REVIVALS_LAPSED} <= tags
