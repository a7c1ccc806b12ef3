"""Facts and letters for workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.downloads.tables import rows_of
from kernel.i18n import _l, label
from kernel.sheets import Sheet, Value
from pricing.credit import queries
from pricing.credit.models import CommitmentLetter, CreditFact

FACTS = (
    "企业", "统一社会信用代码", "失信事项", "地区代码", "发生日期", "金额", "说明", "涉及记录", "报送单位", "报送时间",
    "案号", "依据类型", "来源单位", "文书编号", "生效日期", "单笔最大金额", "经由企业",
)  # fmt: skip
LETTERS = ("企业", "统一社会信用代码", "类型", "年度", "状态", "签署人", "签署时间", "撤回时间", "文本摘要")


def credit_facts(session: Session, asked: Mapping[str, str], actor: Actor, _at: datetime) -> Sheet:
    """Return the facts that the list shows."""
    return rows_of(session, "信用事实", FACTS, queries.facts(actor, **queries.asked(asked)), _fact)


def _fact(each: CreditFact) -> tuple[Value, ...]:
    return (
        each.company.name, each.company.code, label(each.matter), each.region_code, each.happened_on, each.amount,
        each.note, f"{each.subject_kind}/{each.subject_id}", each.reported_from.name if each.reported_from else None,
        each.reported_at, each.case.number, label(each.source), each.origin, each.document, each.effective_on,
        each.single, each.via.name if each.via else None,
    )  # fmt: skip


def commitments(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return every company with its letter of the year."""
    filter_ = queries.asked_letters(asked, at)
    rows = session.execute(queries.letters(actor, **filter_)).all()
    return Sheet(
        "信用承诺书",
        LETTERS,
        [_letter(row[0].name, row[0].code, label(row[0].kind), filter_["year"], row[1]) for row in rows],
        total=len(rows),
    )


def _letter(name: str, code: str, kind: str, year: int, signed: CommitmentLetter | None) -> tuple[Value, ...]:
    if signed is None:
        return name, code, kind, year, "未签署", None, None, None, None
    state, who = label(signed.state), signed.signed_by.name
    return name, code, kind, year, state, who, signed.signed_at, signed.withdrawn_at, signed.digest


export("pricing.credit-facts", _l("Credit facts"), P.CREDIT_READ, credit_facts)
export("pricing.commitments", _l("Commitment letters"), P.CREDIT_READ, commitments)
