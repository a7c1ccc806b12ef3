"""Price cases in the demo: one waits for its answer, one for its judgement, one was not kept and is public."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from importers.demo.stage import Stage
from pricing.governance.cases.flow import CaseAction, CaseReason, InterviewMode
from pricing.governance.cases.models import PriceCase
from pricing.governance.cases.services import answering, handling, harming
from pricing.governance.cases.services.opening import open_case
from pricing.governance.labelling.models import PriceLabel
from pricing.governance.rules import Label

PROPOSED = "拒不参加价格约谈，价格明显偏高且未说明理由。"
FOUND = "该产品挂网价明显高于同通用名中选价。请说明成本构成、外省供应价格和定价依据，并附证明材料。"


def build(stage: Stage) -> None:
    """Ask about three labelled prices of three companies."""
    reasons = (CaseReason.HIGH, CaseReason.ABOVE_LOW, CaseReason.GAPS)
    with stage.at(stage.day(-3)) as session:
        labels = _labels(session)
        made = [_opened(session, stage, label, reason) for label, reason in zip(labels, reasons, strict=False)]
        for found in made[1:2]:
            company, text = stage.company(found.company_id), "原料药价格上涨，附采购合同。"
            answering.answer(session, case_id=found.id, text=text, actor=company, at=stage.day(-3, 15))
        missed = [found.id for found in made[2:]]
    for case_id in missed:
        _not_kept(stage, case_id)


def _labels(session: Session) -> list[PriceLabel]:
    """Return the dearest labelled price of each of some companies, the demo's own company first."""
    query = select(PriceLabel).where(PriceLabel.until.is_(None), PriceLabel.label != Label.SUSPEND)
    found: dict[int, PriceLabel] = {}
    for one in session.scalars(query.order_by(PriceLabel.ratio.desc(), PriceLabel.id)):
        found.setdefault(one.product.company_id, one)
    return [found[company] for company in sorted(found)][:3]


def _opened(session: Session, stage: Stage, label: PriceLabel, reason: CaseReason) -> PriceCase:
    officer, at = stage.actor("bureau"), stage.day(-3)
    found = open_case(
        session, listing_ids=[label.listing_id], reason=reason, text=FOUND, actor=officer, at=at
    )  # fmt: skip
    session.flush()
    if reason is CaseReason.GAPS:
        handling.call(
            session, case_id=found.id, mode=InterviewMode.REPLACES, interview_at=stage.day(-2, 9),
            place="省医保局三楼会议室", text="情况紧急，以约谈代替函询；请携带成本材料。", actor=officer, at=at,
        )  # fmt: skip
    else:
        handling.move(session, case_id=found.id, action=CaseAction.SEND, actor=officer, at=at)
    session.flush()
    return found


def _not_kept(stage: Stage, case_id: int) -> None:
    """Let the third company stay away from its interview; two officers expose it."""
    officer, at = stage.actor("bureau"), stage.day(-2, 10)
    with stage.at(at) as session:
        text = "企业无正当理由未到场，亦未提交书面说明。"
        handling.move(session, case_id=case_id, action=CaseAction.FAIL, text=text, actor=officer, at=at)
        session.flush()
        harming.propose(session, case_id=case_id, text=PROPOSED, actor=officer, at=at)
    with stage.at(at + timedelta(hours=5)) as session:
        harming.confirm(session, case_id=case_id, actor=stage.actor("bureau2"), at=at + timedelta(hours=5))
