"""Letters bind for a year, facts are reported once, and for now every company may act."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kernel.auth.permissions import Role
from kernel.errors import Conflict, DomainError, Forbidden, NotFound
from pricing.credit import queries
from pricing.credit.acting.queries import may_act
from pricing.credit.flow import Act, LetterState, Matter, Source
from pricing.credit.models import CreditFact
from pricing.credit.rules import Told, case_sum, digest, letter
from pricing.credit.services import NewFact, report_fact, report_facts, sign, withdraw
from tests.pricing.scene import CITY, NOW, Scene, acting, populate

DAY = date(2026, 11, 2)


@pytest.fixture
def scene(session: Session) -> Scene:
    return populate(session)


def reported(session: Session, scene: Scene, matter: Matter = Matter.BREACH, subject: int | str = 7) -> CreditFact:
    return report_fact(
        session, company_id=scene.companies[0].id, matter=matter, subject_kind="order", subject_id=subject,
        region_code=CITY, happened_on=DAY, note="拒绝供应中选药品", amount=Decimal("1200.50"), actor=scene.officer,
        at=NOW,
    )  # fmt: skip


def test_a_fact_reported_again_is_the_same_fact(session: Session, scene: Scene) -> None:
    first = reported(session, scene)
    assert reported(session, scene).id == reported(session, scene, subject="7").id == first.id
    assert reported(session, scene, Matter.PRICING).id != first.id
    assert reported(session, scene, subject=8).id != first.id
    assert (first.amount, first.reported_from_id) == (Decimal("1200.50"), scene.officer.organisation_id)


@pytest.mark.parametrize("change", [{"happened_on": DAY + timedelta(days=60)}, {"note": " "}, {"amount": Decimal(-1)}])
def test_a_fact_of_tomorrow_without_words_or_below_nothing_is_refused(
    session: Session, scene: Scene, change: dict[str, object]
) -> None:
    given = {"happened_on": DAY, "note": "拒绝供应", "amount": None, **change}
    with pytest.raises(DomainError, match="credit-bad-fact"):
        report_fact(
            session, company_id=scene.companies[0].id, matter=Matter.BREACH, subject_kind="order", subject_id=1,
            region_code=CITY, actor=scene.officer, at=NOW, **given,  # type: ignore[arg-type]  # one field at a time
        )  # fmt: skip


def test_facts_are_about_companies(session: Session, scene: Scene) -> None:
    with pytest.raises(DomainError, match="credit-no-company"):
        report_fact(
            session, company_id=scene.officer.organisation_id or 0, matter=Matter.TAX, subject_kind="x", subject_id=1,
            region_code=CITY, happened_on=DAY, note="无", actor=scene.officer, at=NOW,
        )  # fmt: skip


def test_a_company_sees_its_own_facts_alone(session: Session, scene: Scene) -> None:
    fact = reported(session, scene)
    mine, others = (acting(scene.users[name], Role.MANUFACTURER) for name in ("company", "other"))
    assert queries.one(session, fact.id, mine) is fact
    with pytest.raises(NotFound):
        queries.one(session, fact.id, others)
    found = [len(session.scalars(queries.facts(actor)).all()) for actor in (scene.officer, mine, others)]
    assert found == [1, 1, 0]


def test_a_withdrawn_letter_closes_trading_until_it_is_signed_again(session: Session, scene: Scene) -> None:
    actor, company = acting(scene.users["company"], Role.MANUFACTURER), scene.companies[0]
    ids, shown = [one.id for one in scene.companies], digest(letter(name=company.name, code=company.code, year=2026))

    def allowed(at: datetime = NOW) -> list[list[bool]]:
        found = [may_act(session, company_ids=ids, act=act, region_codes=[CITY], at=at) for act in Act]
        return [[one[key].allowed for key in ids] for one in found]

    assert allowed() == [[True, True]] * 3
    sign(session, shown=shown, actor=actor, at=NOW)
    withdraw(session, actor=actor, at=NOW)
    session.flush()
    assert allowed() == [[False, True]] * 3
    assert allowed(NOW.replace(year=2027)) == [[True, True]] * 3  # it was the letter of 2026
    sign(session, shown=shown, actor=actor, at=NOW)
    session.flush()
    assert allowed() == [[True, True]] * 3


def test_sources_that_tell_the_same_case_are_not_added_up(session: Session, scene: Scene) -> None:
    def told(origin: str, document: str, amount: int) -> NewFact:
        return NewFact(
            scene.companies[0].id, Matter.KICKBACKS, "document", f"{origin}/{document}", CITY, DAY, "回扣",
            Decimal(amount), case_number="江01刑初12号", source=Source.JUDGMENT, origin=origin, document=document,
        )  # fmt: skip

    rows = [told("法院", "判决一", 300_000), told("法院", "判决二", 250_000), told("审计局", "报告", 540_000)]
    made = report_facts(session, rows=[*rows, rows[0]], actor=scene.officer, at=NOW)
    assert len({one.id for one in made}) == 3 and len({one.case_id for one in made}) == 1
    found = queries.sum_of(queries.case(session, made[0].case_id).facts)
    assert (found.amount, found.disputed) == (Decimal(550_000), True)


def test_a_largest_single_amount_of_nothing_is_known_and_one_nobody_told_is_not(session: Session, scene: Scene) -> None:
    def told(single: Decimal | None) -> Told:
        return Told("法院", Decimal(400_000), single, staff=False, national_round=False, effective_on=DAY)

    assert case_sum([told(None), told(Decimal(0))]).single == 0
    assert case_sum([told(Decimal(9)), told(Decimal(12)), told(None)]).single == 12
    assert case_sum([told(None)]).single is None


def test_a_company_signs_the_text_it_was_shown_once_a_year(session: Session, scene: Scene) -> None:
    actor, company = acting(scene.users["company"], Role.MANUFACTURER), scene.companies[0]
    shown = digest(letter(name=company.name, code=company.code, year=2026))
    with pytest.raises(Conflict, match="commitment-text-differs"):
        sign(session, shown=digest(letter(name=company.name, code=company.code, year=2025)), actor=actor, at=NOW)
    with pytest.raises(Conflict, match="commitment-not-signed"):
        withdraw(session, actor=actor, at=NOW)
    signed = sign(session, shown=shown, actor=actor, at=NOW)
    assert (signed.year, signed.state, signed.digest) == (2026, LetterState.SIGNED, shown)
    with pytest.raises(Conflict, match="wrong-state"):
        sign(session, shown=shown, actor=actor, at=NOW)
    withdraw(session, actor=actor, at=NOW)
    again = sign(session, shown=shown, actor=actor, at=NOW)
    assert (again.id, again.state, again.withdrawn_at) == (signed.id, LetterState.SIGNED, None)
    with pytest.raises(Forbidden):
        sign(session, shown=shown, actor=scene.officer, at=NOW)


def test_the_officer_sees_who_has_not_signed_first(session: Session, scene: Scene) -> None:
    actor, company = acting(scene.users["company"], Role.MANUFACTURER), scene.companies[0]
    text = letter(name=company.name, code=company.code, year=2026)
    sign(session, shown=digest(text), actor=actor, at=NOW)
    session.flush()

    def listed(who: object, **asked: object) -> list[tuple[str, bool]]:
        rows = session.execute(queries.letters(who, year=2026, **asked))  # type: ignore[arg-type]  # tests pass on
        return [(row[0].name, row[1] is not None) for row in rows]

    assert listed(scene.officer) == [("乙制药", False), ("甲制药", True)]
    assert listed(scene.officer, signed=False) == [("乙制药", False)]
    assert listed(actor) == [("甲制药", True)]
