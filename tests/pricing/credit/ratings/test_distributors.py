"""What a distributor did reaches the holders' products that it did it with, and none of their others."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from kernel import clock
from kernel.clock import today
from kernel.parties.codes import OrganisationKind
from pricing.credit.acting.queries import may_act
from pricing.credit.flow import Act, Matter, Source
from pricing.credit.ratings.services import deciding, proposing
from pricing.credit.ratings.services.deciding import Suggestion
from pricing.credit.ratings.services.proposing import Proposal
from pricing.credit.services import NewFact, report_facts
from tests.factories.people import organisation
from tests.pricing.scene import CITY, NOW, OTHER, PROVINCE

from .court import DAY, LATER, Court

pytestmark = pytest.mark.usefixtures("then")


def rated(session: Session, stand: Court, company_id: int, amount: int) -> None:
    """Rate a company that collects no notice, for the first holder's first product."""
    one = NewFact(company_id, Matter.KICKBACKS, "document", "判决", PROVINCE, DAY, "违法", Decimal(amount),
                  case_number="案", source=Source.JUDGMENT, origin="法院")  # fmt: skip
    fact = report_facts(session, rows=[one], actor=stand.first, at=NOW)[0]
    asked = Proposal(fact.case_id, PROVINCE, "2025", product_ids=(stand.scene.products[0].id,))
    found = proposing.propose(session, asked=asked, actor=stand.first, at=NOW)
    proposing.give_notice(session, rating_id=found.id, notice_days=30, defence_days=15, actor=stand.first, at=NOW)
    with clock.travel(to=LATER):
        decision = Suggestion(None, today(LATER), "逾期未申辩")
        deciding.suggest(session, rating_id=found.id, asked=decision, actor=stand.first, at=LATER)
        deciding.decide(session, rating_id=found.id, actor=stand.second, at=LATER)
    session.flush()


@pytest.mark.parametrize(
    ("amount", "barred", "closed"),
    [(60_000, set(), set()), (600_000, {CITY}, set()), (1_000_000, {CITY, OTHER}, {CITY})],
)
def test_a_distributors_rating_bars_the_holders_product(
    session: Session, stand: Court, amount: int, barred: set[str], closed: set[str]
) -> None:
    through = organisation(session, OrganisationKind.DISTRIBUTOR, name="通达配送").id
    rated(session, stand, through, amount)
    holder, other = (one.id for one in stand.scene.companies)
    own = {stand.scene.products[0].id}
    for region in (CITY, OTHER):
        for act in Act:
            found = may_act(session, company_ids=[holder, other, through], act=act, region_codes=[region], at=LATER)
            assert found[holder].allowed and found[other].allowed
            assert [set(found[one].products) for one in (holder, other)] == [own if region in barred else set(), set()]
            assert found[through].allowed is (region not in closed)
