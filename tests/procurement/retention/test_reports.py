"""What the bureau reads over runs: every cut comes to the same total, replaced versions count nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from kernel.parties.models import Organisation
from procurement.retention.reports import queries
from procurement.retention.reports.flow import Cut
from procurement.retention.reports.queries import Asked, Row
from procurement.retention.reports.rules import fences, quartile, spread
from procurement.retention.services import paying
from tests.procurement.orders.market import NOW

from .scene import Scene

SHARES = st.lists(st.decimals(0, "0.5", places=6), min_size=1, max_size=40)


def names(session: Session, scene: Scene, cut: Cut, what: Asked | None = None, who: str = "agency") -> list[str]:
    return [one.name for one in queries.rows(session, scene.market.actors[who], cut, what or Asked())]


def test_every_cut_comes_to_the_same_total(session: Session, scene: Scene) -> None:
    session.execute(update(Organisation).where(Organisation.name == "江州一院").values(grade="三级甲等"))
    scene.sent(session)
    again = scene.compute(session, "复算")
    assert names(session, scene, Cut.BATCH) == []  # nobody was asked about it yet
    paying.send(session, run_id=again.id, actor=scene.market.actors["agency"], at=NOW)
    session.flush()
    for cut in Cut:
        found = queries.rows(session, scene.market.actors["agency"], cut, Asked())
        total = queries.total(found, 2)
        assert (total.retained, total.budget, total.lines) == (again.retained, again.budget, again.lines_count)
    assert names(session, scene, Cut.BATCH) == ["春季集采 · 1"]
    assert names(session, scene, Cut.YEAR) == ["2026"]
    assert names(session, scene, Cut.AREA) == ["江州市"]
    assert set(names(session, scene, Cut.GRADE)) == {"三级甲等", "—"}


def test_a_filter_narrows_and_a_hospital_reads_its_own(session: Session, scene: Scene) -> None:
    scene.sent(session)
    session.flush()
    assert names(session, scene, Cut.HOSPITAL, Asked(round_id=scene.round_id, area="320000")) == [
        "江州一院",
        "江州二院",
    ]
    assert names(session, scene, Cut.HOSPITAL, Asked(area="330000")) == []
    assert names(session, scene, Cut.HOSPITAL, Asked(paid=True)) == []
    assert names(session, scene, Cut.HOSPITAL, who="h2-finance") == ["江州二院"]
    assert names(session, scene, Cut.HOSPITAL, who="company1") == []


@pytest.mark.parametrize(("last", "found"), [("0.33", []), ("0.34", ["9"])])
def test_a_hospital_far_from_the_others_is_named(last: str, found: list[str]) -> None:
    shares = [*(Decimal("0.20") + Decimal(one) / 100 for one in (0, 1, 2, 3, 4, 5, 6, 7, 8)), Decimal(last)]
    none = Decimal(0)
    rows = [Row(str(key), str(key), 1, 1, Decimal(1), none, none, one, none) for key, one in enumerate(shares)]
    assert [one.row.key for one in queries.outliers(rows)] == found
    assert queries.outliers(rows[-5:]) == []


@given(SHARES)
def test_a_spread_counts_every_hospital_once(shares: list[Decimal]) -> None:
    assert sum(count for _bound, count in spread(shares)) == len(shares)


@given(SHARES.filter(lambda shares: len(shares) >= 8))
def test_the_middle_lies_within_the_fences(shares: list[Decimal]) -> None:
    found = fences(shares)
    assert found is not None and found[0] <= quartile(sorted(shares), 2) <= found[1]
