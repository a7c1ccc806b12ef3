"""The commitment letter's text, what the facts of a case come to, and whether a company may act.

Source: rules/credit.md, "Procedure": the commitment letter is a precondition of listing, bidding and filed purchase;
医保发〔2020〕34号: companies commit themselves each year; "Thresholds": amounts are cumulative in one case.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

TEXT = (
    "医药企业价格和营销行为信用承诺书（{year}年度）",
    "本企业（{name}，统一社会信用代码 {code}）自愿参加药品和医用耗材集中采购、挂网和备案采购，并承诺：",
    "一、遵守法律法规和医药价格、招标采购制度，不在医药购销中给予回扣或其他不正当利益，不实施垄断和价格违法行为，"
    "不虚开发票套取资金用于回扣。",
    "二、如实申报产品、价格和企业信息，不串通投标，不提供虚假材料，不扰乱集中采购秩序。",
    "三、按中选和挂网的价格、数量和期限及时供应和配送，不无故弃标、断供或者违背协议。",
    "四、对本企业的员工、代理人和受委托配送企业在医药购销中的行为承担责任。",
    "五、接受医药价格和招采信用评价，配合监督检查，接受与失信行为相应的处置措施，并按要求整改和修复信用。",
    "本承诺书自签署之日起至{year}年12月31日有效。拒绝签署或者撤回的，不得参加投标、挂网和备案采购。",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Why a company may not act, if so; `products` says why not with which, though it may with others."""

    reason: str = ""
    products: Mapping[int, str] = field(default_factory=dict)

    @property
    def allowed(self) -> bool:
        """Say whether the company may act, with some products at least."""
        return not self.reason

    def why(self, product_id: int) -> str:
        """Return why the company may not act with a product; nothing where it may.

        >>> Standing("", {7: "XYPJ2026-000001"}).why(7), Standing().why(7), Standing("its letter").why(7)
        ('XYPJ2026-000001', '', 'its letter')
        """
        return self.reason or self.products.get(product_id, "")


@dataclass(frozen=True, slots=True)
class Told:
    """What one source says of a case in one document."""

    origin: str
    amount: Decimal | None
    single: Decimal | None
    staff: bool
    national_round: bool
    effective_on: date
    shortage: bool = False


@dataclass(frozen=True, slots=True)
class CaseSum:
    """What a case comes to. `origins` are the sums by source; they differ where sources disagree."""

    amount: Decimal | None
    single: Decimal | None
    staff: bool
    national_round: bool
    effective_on: date
    origins: tuple[tuple[str, Decimal], ...]
    shortage: bool = False

    @property
    def disputed(self) -> bool:
        """Say whether sources name different sums."""
        return len({amount for _origin, amount in self.origins}) > 1


def as_written(text: str) -> str:
    """Return a number of a case or document in one writing: sources type brackets, digits and spaces their own way.

    >>> as_written("(２０２６) 江01刑初12号") == as_written("（2026）江01刑初12号") == "（2026）江01刑初12号"
    True
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return plain.replace("(", "（").replace(")", "）")


def case_sum(told: Sequence[Told]) -> CaseSum:
    """Add up a case: the documents of one source are added, sources that tell the same case are not.

    The largest of their sums counts, and the latest day on which a document took effect.

    >>> day = date(2026, 3, 1)
    >>> case_sum([Told(who, Decimal(6), None, False, False, day) for who in ("court", "tax office")]).amount
    Decimal('6')
    """
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in told:
        if one.amount is not None:
            sums[one.origin] += one.amount
    singles = [one.single for one in told if one.single is not None]
    return CaseSum(
        amount=max(sums.values(), default=None), single=max(singles, default=None),
        staff=any(one.staff for one in told), national_round=any(one.national_round for one in told),
        effective_on=max(one.effective_on for one in told), origins=tuple(sorted(sums.items())),
        shortage=any(one.shortage for one in told),
    )  # fmt: skip


def letter(*, name: str, code: str, year: int) -> tuple[str, ...]:
    """Return the letter's paragraphs as they are signed, the heading first.

    >>> letter(name="某公司", code="91330106MA0000000X", year=2026)[0]
    '医药企业价格和营销行为信用承诺书（2026年度）'
    """
    return tuple(part.format(name=name, code=code, year=year) for part in TEXT)


def digest(paragraphs: tuple[str, ...]) -> str:
    """Return the SHA-256 of a letter's text, a paragraph a line."""
    return hashlib.sha256("\n".join(paragraphs).encode()).hexdigest()
