"""Credit ratings in the demo: a warning and a suspension in force, one to be defended, one still to be weighed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from catalogue.drugs.models import Product
from importers.demo.stage import Stage
from kernel import clock
from pricing.credit import services as credit
from pricing.credit.flow import Matter, Source
from pricing.credit.models import CreditCase
from pricing.credit.ratings.flow import Level
from pricing.credit.ratings.services import deciding, proposing
from pricing.credit.ratings.services.deciding import Suggestion
from pricing.credit.ratings.services.proposing import Proposal
from pricing.credit.services import NewFact
from procurement.agreements.models import Agreement

PROVINCE, COURT, AUDIT = "980000", "江州市中级人民法院", "江海省审计厅"


def build(stage: Stage) -> None:
    """Report cases of several sources, and carry their ratings to different states."""
    warned, barred = stage.cast.companies[5].id, stage.cast.companies[6].id
    tax = _reported(stage, warned, Matter.TAX, "江税稽罚〔2026〕18号", {"江海省税务局": 86_000}, Source.PENALTY)
    bribes = _reported(
        stage, barred, Matter.KICKBACKS, "（2026）江01刑初12号", {COURT: 620_000, AUDIT: 598_000}, Source.JUDGMENT
    )
    with stage.at(stage.day(-60)) as session:
        query = select(Product.id).where(Product.company_id == barred).order_by(Product.id.desc()).limit(1)
        product = session.scalars(query).one()
    _published(stage, tax, warned, ())
    _published(stage, bribes, barred, (product,))
    _noticed(stage)
    _proposed(stage)


def _reported(stage: Stage, company: int, matter: Matter, number: str, sums: dict[str, int], source: Source) -> int:
    at = stage.day(-75)
    rows = [
        NewFact(
            company, matter, "document", f"{origin}/{number}", PROVINCE, clock.today(stage.day(-400)),
            "在药品购销中违法，经认定", Decimal(amount), case_number=number, origin=origin, document=number,
            source=Source.AUDIT if origin == AUDIT else source, effective_on=clock.today(stage.day(-90)),
        )
        for origin, amount in sums.items()
    ]  # fmt: skip
    with stage.at(at) as session:
        return credit.report_facts(session, rows=rows, actor=stage.actor("bureau"), at=at)[0].case_id


def _published(stage: Stage, case_id: int, company: int, products: tuple[int, ...]) -> None:
    """Propose, notify, hear and publish; the measures begin today."""
    first, second = stage.actor("bureau"), stage.actor("bureau2")
    with stage.at(stage.day(-60)) as session:
        asked = Proposal(case_id, PROVINCE, "2025", product_ids=products)
        found = proposing.propose(session, asked=asked, actor=first, at=stage.day(-60)).id
        proposing.give_notice(
            session, rating_id=found, notice_days=30, defence_days=15, actor=first, at=stage.day(-60)
        )  # fmt: skip
    with stage.at(stage.day(-50)) as session:
        text = "事实无异议，已主动退赔，请求从轻。"
        proposing.defend(
            session, rating_id=found, text=text, files=[], actor=stage.company(company), at=stage.day(-50)
        )  # fmt: skip
    at = stage.day(-1)
    with stage.at(at) as session:
        decision = Suggestion(None, clock.today(at) + timedelta(days=1), "退赔情况在修复时一并核实，等级不变")
        deciding.suggest(session, rating_id=found, asked=decision, actor=first, at=at)
        deciding.decide(session, rating_id=found, actor=second, at=at)


def _noticed(stage: Stage) -> None:
    """Send the first company notice of a breach, for which the benchmark has no number."""
    at, officer = stage.day(-2), stage.actor("bureau")
    with stage.at(at) as session:
        own = CreditCase.company_id == stage.cast.companies[0].id
        case = session.scalars(select(CreditCase.id).where(own, CreditCase.matter == Matter.BREACH)).first()
        if case is None:
            return
        asked = Proposal(case, PROVINCE, "2025", Level.DISHONEST, "首次违约，约谈后仍未改正", "江医保价函〔2026〕41号")
        found = proposing.propose(session, asked=asked, actor=officer, at=at).id
        proposing.give_notice(session, rating_id=found, notice_days=30, defence_days=15, actor=officer, at=at)


def _proposed(stage: Stage) -> None:
    """Propose a suspension of two products of a winner: officers see what it would do before they send the notice."""
    winner, at = stage.cast.companies[9].id, stage.day(-1)
    case = _reported(stage, winner, Matter.KICKBACKS, "（2026）江02刑初31号", {COURT: 735_000}, Source.JUDGMENT)
    with stage.at(at) as session:
        own = select(Agreement.product_id).where(Agreement.company_id == winner, Agreement.product_id.is_not(None))
        products = session.scalars(own.distinct().order_by(Agreement.product_id).limit(2)).all()
        asked = Proposal(case, PROVINCE, "2025", product_ids=tuple(one for one in products if one is not None))
        proposing.propose(session, asked=asked, actor=stage.actor("bureau"), at=at)
