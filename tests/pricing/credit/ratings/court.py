"""Cases, officers and companies for the tests of ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import Role
from pricing.credit.flow import Matter, Source
from pricing.credit.models import CreditFact
from pricing.credit.ratings.flow import Level
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.services import deciding, proposing
from pricing.credit.ratings.services.deciding import Suggestion
from pricing.credit.ratings.services.proposing import Proposal
from pricing.credit.services import NewFact, report_facts
from tests.factories.people import user
from tests.pricing.scene import NOW, PROVINCE, Scene, acting, populate

DAY = date(2026, 9, 1)
LATER = NOW + timedelta(days=60)
PDF = [("证明.pdf", b"%PDF-1.7 x")]


@dataclass(slots=True)
class Court:
    """Who is there: two officers, and the company that is rated with another that is not."""

    scene: Scene
    first: Actor
    second: Actor
    company: Actor
    other: Actor

    def fact(self, session: Session, matter: Matter, amount: int | None = None, **more: object) -> CreditFact:
        """Report a fact about the first company, each in its own case."""
        number = f"案{matter}{amount}{len(more)}"
        one = NewFact(
            self.scene.companies[0].id, matter, "document", number, PROVINCE, DAY, "违法", case_number=number,
            amount=None if amount is None else Decimal(amount), source=Source.JUDGMENT, origin="法院",
            **more,  # type: ignore[arg-type]  # tests pass on
        )  # fmt: skip
        return report_facts(session, rows=[one], actor=self.first, at=NOW)[0]

    def proposed(
        self, session: Session, fact: CreditFact, products: Sequence[int] = (0,), level: Level | None = None,
        version: str = "2025", **more: str,
    ) -> CreditRating:  # fmt: skip
        """Propose a rating for its case."""
        ids = tuple(self.scene.products[place].id for place in products)
        asked = Proposal(fact.case_id, PROVINCE, version, level, product_ids=ids, **more)
        return proposing.propose(session, asked=asked, actor=self.first, at=NOW)

    def heard(self, session: Session, rating: CreditRating) -> CreditRating:
        """Give notice and let the company defend itself."""
        proposing.give_notice(
            session, rating_id=rating.id, notice_days=30, defence_days=15, actor=self.first, at=NOW
        )  # fmt: skip
        proposing.defend(session, rating_id=rating.id, text="情节较轻", files=PDF, actor=self.company, at=NOW)
        return rating

    def published(
        self, session: Session, rating: CreditRating, starts: date | None = None, at: datetime = NOW
    ) -> CreditRating:
        """Carry a proposed rating to its publication."""
        self.heard(session, rating)
        asked = Suggestion(None, starts or at.date(), "不予采纳")
        deciding.suggest(session, rating_id=rating.id, asked=asked, actor=self.first, at=at)
        deciding.decide(session, rating_id=rating.id, actor=self.second, at=at)
        session.flush()
        return rating


def court(session: Session) -> Court:
    """Add them."""
    scene = populate(session)
    officer = scene.users["officer"]
    colleague = user(session, officer.organisation, Role.PRICE_OFFICER)
    scene.users["colleague"] = colleague
    return Court(
        scene, scene.officer, acting(colleague, Role.PRICE_OFFICER), acting(scene.users["company"], Role.MANUFACTURER),
        acting(scene.users["other"], Role.MANUFACTURER),
    )  # fmt: skip
