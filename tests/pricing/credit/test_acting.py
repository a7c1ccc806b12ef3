"""Why a company may not act with a product: by the rating that names this product, not by another of the company's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from kernel.clock import today
from pricing.credit.acting.queries import may_act, unlisted
from pricing.credit.flow import Act
from pricing.credit.ratings.flow import MeasureKind
from pricing.credit.ratings.models import CreditMeasure
from tests.factories.credit import measure
from tests.pricing.scene import CITY, NOW, PROVINCE

from .ratings.court import Court

ENDS = date(2027, 3, 1)


def suspended(session: Session, stand: Court, ends: date | None, kind: MeasureKind) -> tuple[int, CreditMeasure]:
    """Suspend the next product of the first company until a day."""
    own = stand.scene.companies[0].id
    ids = [one.id for one in stand.scene.products if one.company_id == own]
    place = 0 if ends is ENDS else 1
    made = measure(session, ids[place], kind, at=NOW, region=PROVINCE, starts=today(NOW) - timedelta(1), ends=ends)
    return ids[place], made


@pytest.mark.parametrize("kind", [MeasureKind.PRODUCTS_HERE, MeasureKind.PRODUCTS_EVERYWHERE])
def test_each_product_says_its_own_rating_and_its_end(session: Session, stand: Court, kind: MeasureKind) -> None:
    first, other = suspended(session, stand, ENDS, kind), suspended(session, stand, None, kind)
    company = stand.scene.companies[0].id
    asked = may_act(session, company_ids=[company], act=Act.LIST, region_codes=[CITY], at=NOW)[company]
    assert (asked.allowed, set(asked.products)) == (True, {first[0], other[0]})
    for (product, made), end in ((first, str(ENDS)), (other, "its end is told")):
        number = f"XYPJ{today(NOW).year}-{made.rating_id:06d}"
        assert [part in asked.why(product) for part in (number, end, kind)] == [True] * 3
        assert unlisted(session, [(product, CITY)], {product: company}, NOW) == {(product, CITY): asked.why(product)}
