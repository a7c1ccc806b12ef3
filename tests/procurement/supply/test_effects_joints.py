"""What a credit finding would do to joint bids: their members are named with the lead, from the opening on."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from procurement.bids.flow import BidState, BoxState
from procurement.bids.joints.flow import JointState, MemberState
from procurement.bids.joints.models import Joint, JointMember
from procurement.bids.models import Bid, Submission
from procurement.demand.models import Lot, LotSpecification
from procurement.rounds.flow import RoundState
from procurement.rounds.models.rounds import Round
from procurement.supply.effects.flow import InRound
from procurement.supply.effects.queries import rounds
from tests.procurement.orders.market import NOW, REGION, Market
from tests.procurement.supply.test_effects import SERIOUS, ask


def joined(session: Session, market: Market) -> Round:
    """Let company2 make what company1 won, and have bid for it through company1's bid."""
    lead, member = (market.organisations[name] for name in ("company1", "company2"))
    made = session.scalars(select(Round)).one()
    lot = session.scalars(select(Lot).order_by(Lot.number)).first()
    assert lot is not None
    strength = session.get_one(Product, market.products["a"]).specification_id
    own = Product(company_id=member, specification_id=strength, registered_name="阿莫西林片", pack=24,
                  approval_number="国药准字H90000001")  # fmt: skip
    ways = {"lot_id": lot.id, "specification_id": strength, "price_factor": Decimal(1), "volume_factor": Decimal(1)}
    person = market.actors["company1"].user_id
    assert person is not None
    sent = Submission(box_id=made.box_id, company_id=lead, number=1, receipt="r", lots=1, digest="d", user_id=person,
                      at=NOW)  # fmt: skip
    session.add_all([own, LotSpecification(**ways), sent])
    session.flush()
    market.products["own"] = own.id
    session.add(Bid(box_id=made.box_id, lot_id=lot.id, company_id=lead, state=BidState.OPENED, submission_id=sent.id,
                    digest="d", at=NOW))  # fmt: skip
    members = [
        JointMember(box_id=made.box_id, lot_id=lot.id, company_id=one, share=Decimal("0.5"), state=MemberState.BOUND)
        for one in (lead, member)
    ]
    session.add(Joint(box_id=made.box_id, lot_id=lot.id, lead_id=lead, state=JointState.AGREED, proposed_by_id=person,
                      proposed_at=NOW, members=members))  # fmt: skip
    session.flush()
    return made


def test_a_member_of_a_joint_bid_is_named_with_its_lead(session: Session, market: Market) -> None:
    made = joined(session, market)
    asked = ask(session, market, SERIOUS, "own", who="company2", region=REGION)

    def found() -> list[tuple[str, int, InRound, str]]:
        page = rounds.page(session, asked, market.actors["agency"], 1)
        assert page.total == len(page.rows)
        return [(one.round_.code, one.lot.number, one.standing, one.lead) for one in page.rows]

    assert found() == []  # who bids with whom is not told before the opening
    made.box.state = BoxState.OPENED
    session.flush()
    assert found() == [("LM-1", 1, InRound.WINNER, "明川制药")]
    made.state = RoundState.EVALUATED
    session.flush()
    assert found() == [("LM-1", 1, InRound.HAS_BID, "明川制药")]
    made.state = RoundState.AWARDED
    session.flush()
    lead = ask(session, market, SERIOUS, "a")
    assert [one.lead for one in rounds.page(session, lead, market.actors["agency"], 1).rows] == [""]
