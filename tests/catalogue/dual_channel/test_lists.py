"""Drug lists, regions' rules, coverage and gaps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from catalogue.dual_channel.models.drugs import ListedDrug, RegionRules
from catalogue.dual_channel.queries import coverage, drugs, regions
from catalogue.dual_channel.rules.listing import DrugState, Layer, Term
from catalogue.dual_channel.services import drugs as services
from catalogue.dual_channel.services import regions as region_services
from kernel.audit.models import AuditEntry
from kernel.audit.services import write_pending
from kernel.errors import Conflict, DomainError, Invalid, UnsetParameter
from kernel.parties.models import Region
from tests.catalogue.dual_channel.conftest import AT, DAY, SAID, World, edition


def test_the_query_of_a_state_agrees_with_the_rule_on_every_day(world: World) -> None:
    world.listed("甲替尼片", begins=DAY, leaves=DAY + timedelta(days=3), transition=DAY + timedelta(days=5))
    world.listed("乙单抗注射液", begins=DAY + timedelta(days=1), leaves=DAY + timedelta(days=2))
    world.listed("甲替尼片", Layer.SEPARATE, begins=DAY + timedelta(days=2))
    rows = world.session.scalars(select(ListedDrug)).all()
    for offset in range(-1, 8):
        day = DAY + timedelta(days=offset)
        for state in DrugState:
            found = world.session.scalars(drugs.listing(region="980000", state=state, day=day)).all()
            assert set(found) == {row for row in rows if row.state_on(day) is state}, (day, state)


def test_a_drug_stands_once_on_a_list_at_a_time(world: World) -> None:
    world.listed("甲替尼片", leaves=date(2027, 1, 1))
    world.listed("甲替尼片", Layer.SEPARATE)
    with pytest.raises(Conflict):
        world.listed("甲替尼片")
    edition(world, "2026", ("甲替尼片", "*"))
    with pytest.raises(Conflict):
        world.listed("甲替尼片", begins=date(2026, 12, 31))
    renewed = world.listed("甲替尼片", begins=date(2027, 1, 1))
    rows = drugs.same_drug(world.session, "980000", Layer.ORDINARY, renewed.drug_key)
    assert [row.entry.edition.code for row in rows] == ["2025", "2026"]


def test_only_the_parts_that_the_region_names_are_listed(world: World) -> None:
    with pytest.raises(DomainError) as refused:
        world.listed("丙列净片")
    assert refused.value.code == "dual-not-negotiated"
    values = {"list.parts": "negotiated-western price-bid"}
    world.act(region_services.say, "agency", region_code="980000", values=values, source="办法")
    assert world.listed("丙列净片").drug_key == "丙列净片"


def test_a_drug_that_left_the_edition_is_found_and_leaves_with_a_transition(world: World) -> None:
    drug = world.listed("甲替尼片")
    world.listed("乙单抗注射液")
    edition(world, "2026", ("乙单抗注射液", "*"))
    parts = ["negotiated-western"]
    assert drugs.gone(world.session, "980000", DAY, parts) == []
    assert drugs.gone(world.session, "980000", date(2027, 1, 1), parts) == [drug]
    world.act(services.leave, "agency", drug_id=drug.id, leaves_on=date(2027, 1, 1),
              transition_until=date(2027, 7, 1), reason="调出目录")  # fmt: skip
    assert drugs.gone(world.session, "980000", date(2027, 1, 1), parts) == []
    assert drug.state_on(date(2027, 6, 30)) is DrugState.TRANSITION
    assert drug.drug_key in drugs.on_sale(world.session, ["980000"], date(2027, 6, 30))
    assert drug.drug_key not in drugs.on_sale(world.session, ["980000"], date(2027, 7, 1))
    with pytest.raises(DomainError):
        world.act(services.leave, "agency", drug_id=drug.id, leaves_on=date(2027, 1, 1), transition_until=None,
                  reason=" ")  # fmt: skip


def test_a_change_from_an_older_version_is_a_conflict(world: World) -> None:
    drug = world.listed("甲替尼片")
    draft = services.DrugDraft(Term(date(2026, 2, 1)))
    world.act(services.change_drug, "agency", drug_id=drug.id, version=1, draft=draft)
    with pytest.raises(Conflict):
        world.act(services.change_drug, "agency", drug_id=drug.id, version=1, draft=draft)


def test_places_follow_the_nearest_region_figure_by_figure(world: World) -> None:
    city = {"pharmacy.per_district": "7"}
    world.act(region_services.say, "agency", region_code="980100", values=city, source="江州市办法")
    there = regions.parameters(world.session, "980100")
    assert (there.value("pharmacy.per_district"), there.value("publicity.workdays")) == (7, 5)
    assert there["pharmacy.per_district"].source == "江州市办法"
    assert regions.parameters(world.session, "980200").value("pharmacy.per_district") == 2
    with pytest.raises(UnsetParameter):
        there.value("circulation.keep_months")


def test_every_figure_needs_its_document_and_all_mistakes_are_told(world: World) -> None:
    for values, fields in (
        ({"pharmacy.per_chain": "3"}, {"source"}), ({"pharmacy.per_chain": "x", "review.months": "0"}, None),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            world.act(region_services.say, "agency", region_code="980000", values={**SAID, **values}, source="")
        assert set(refused.value.fields) == (fields or set(values))
    taken_back = {**SAID, "payment.own_share": ""}
    rules: RegionRules = world.act(
        region_services.say, "agency", region_code="980000", values=taken_back, source="", version=1
    )
    assert "payment.own_share" not in rules.said
    write_pending(world.session)
    tags = [row.tag.value for row in world.session.scalars(select(AuditEntry))]
    assert tags.count("dual-region.said") == 2
    with pytest.raises(Conflict):
        world.act(region_services.say, "agency", region_code="980000", values=SAID, source="办法", version=1)


def test_coverage_counts_designated_pharmacies_with_stock_and_names_the_gaps(world: World) -> None:
    world.listed("甲替尼片")
    world.listed("乙单抗注射液")
    for key in ("one", "two"):
        world.designated(key)
    world.stocks("one", 甲替尼片=("10", "100"), 乙单抗注射液=("0", "390"))
    world.stocks("two", AT - timedelta(days=9), 甲替尼片=("5", "100"))
    province = world.session.get_one(Region, "980000")
    found = coverage.covered(world.session, province, DAY)
    assert [(row.district, row.pharmacies, row.stocked, row.gaps) for row in found.rows] == [
        ("980100", 1, 1, ("乙单抗注射液",)), ("980200", 1, 1, ("乙单抗注射液",)),
    ]  # fmt: skip
    assert [(drug.entry.name, where) for drug, where in found.gaps] == [("乙单抗注射液", ["980100", "980200"])]
    values = {**SAID, "stock.most_days": "7"}
    world.act(region_services.say, "agency", region_code="980000", values=values, source="办法")
    stale = coverage.covered(world.session, province, DAY)
    assert [row.stocked for row in stale.rows] == [1, 0] and stale.silent == 1
    near = coverage.near(world.session, world.organisations["two"], DAY)
    assert near is not None and [drug.entry.name for drug in near[1]] == ["乙单抗注射液", "甲替尼片"]
