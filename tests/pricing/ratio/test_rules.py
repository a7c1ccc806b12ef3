"""The price-ratio rules."""

from __future__ import annotations

import doctest
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.drugs.rules.forms import CAPSULES, TABLETS, Form
from catalogue.drugs.rules.ratios import IncomparableStrength, Measure, content_factor, read_measure
from pricing.ratio import rules
from pricing.ratio.rules import Container, FormRatio, Inconvertible, Presentation, convert

RATED = [[form for form in family if rules.POLICY.get(f"{name}.{form}")] for name, family in
         (("tablet", sorted(TABLETS)), ("capsule", sorted(CAPSULES)))]  # fmt: skip


def by_content(value: str) -> Presentation:
    return Presentation(content=read_measure(value))


def price(start: str, reference: Presentation, target: Presentation, **more: object) -> str:
    return str(convert(Decimal(start), reference=reference, target=target, **more).value)  # type: ignore[arg-type]


def test_every_rule_holds_its_example() -> None:
    assert doctest.testmod(rules).failed == 0


def test_the_published_pemetrexed_price_is_reached() -> None:
    assert price("810.00", by_content("100mg"), by_content("500mg")) == "2776.97"


def test_units_are_brought_together() -> None:
    assert price("810", by_content("100mg"), by_content("0.5g")) == "2776.97"


def test_unlike_units_are_refused() -> None:
    with pytest.raises(IncomparableStrength):
        price("810", by_content("100mg"), by_content("10ml"))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (Form.TABLET, "10.00"),
        (Form.CHEWABLE_TABLET, "10.50"),
        (Form.LOZENGE, "10.50"),
        (Form.SOLUBLE_TABLET, "10.50"),
        (Form.ENTERIC_TABLET, "11.00"),
        (Form.DISPERSIBLE_TABLET, "12.00"),
        (Form.EFFERVESCENT_TABLET, "13.00"),
    ],
)
def test_tablets_are_rated_against_the_ordinary_tablet(form: Form, expected: str) -> None:
    assert price("10", Presentation(form=Form.TABLET), Presentation(form=form)) == expected


@pytest.mark.parametrize(
    ("form", "expected"), [(Form.HARD_CAPSULE, "10.00"), (Form.ENTERIC_CAPSULE, "11.00"), (Form.SOFT_CAPSULE, "12.00")]
)
def test_capsules_are_rated_against_the_hard_capsule(form: Form, expected: str) -> None:
    assert price("10", Presentation(form=Form.HARD_CAPSULE), Presentation(form=form)) == expected


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        (Form.TABLET, Form.HARD_CAPSULE),
        (Form.SOFT_CAPSULE, Form.ENTERIC_TABLET),
        (Form.TABLET, Form.SUSTAINED_RELEASE_TABLET),
        (Form.SMALL_VOLUME_INJECTION, Form.LYOPHILISED_INJECTION),
        (Form.GRANULES, Form.DRY_SUSPENSION),
    ],
)
def test_a_pair_without_a_known_ratio_is_refused_by_name(reference: Form, target: Form) -> None:
    with pytest.raises(Inconvertible) as refused:
        price("10", Presentation(form=reference), Presentation(form=target))
    assert refused.value.code == "unknown-form-ratio"
    assert refused.value.facts == {"reference": reference, "target": target}


def test_a_form_without_a_ratio_converts_to_itself() -> None:
    same = Form.SUSTAINED_RELEASE_TABLET
    assert price("10", Presentation(form=same, pack=10), Presentation(form=same, pack=20)) == "19.50"


def test_packs_of_oral_forms_follow_a_power_and_of_others_their_number() -> None:
    ten, thirty = Presentation(pack=10), Presentation(pack=30)
    assert price("10", ten, thirty, oral=True) == "28.82"
    assert price("10", ten, thirty, oral=False) == "30.00"


def test_the_form_decides_how_packs_go() -> None:
    vials = [Presentation(pack=n, form=Form.POWDER_INJECTION) for n in (1, 5)]
    assert price("10", *vials) == "50.00"


def test_a_soft_bag_adds_four_yuan_a_bag() -> None:
    bottle = Presentation(container=Container.GLASS_BOTTLE, form=Form.LARGE_VOLUME_INJECTION, pack=1)
    bags = Presentation(container=Container.SOFT_BAG, form=Form.LARGE_VOLUME_INJECTION, pack=3)
    assert price("10", bottle, bags) == "42.00"
    assert price("42", bags, bottle) == "10.00"


def test_a_container_that_costs_more_than_the_whole_is_refused() -> None:
    bag, bottle = Presentation(container=Container.SOFT_BAG), Presentation(container=Container.GLASS_BOTTLE)
    with pytest.raises(Inconvertible, match="price-vanishes"):
        price("3", bag, bottle)


def test_sugar_free_medicine_is_a_tenth_dearer() -> None:
    assert price("10", Presentation(), Presentation(sugar_free=True)) == "11.00"
    assert price("11", Presentation(sugar_free=True), Presentation()) == "10.00"


def injection(form: Form, content: str) -> Presentation:
    return Presentation(form=form, content=read_measure(content))


def test_content_goes_before_form_from_small_volume_to_lyophilised() -> None:
    small, dried = injection(Form.SMALL_VOLUME_INJECTION, "10mg"), injection(Form.LYOPHILISED_INJECTION, "20mg")
    up, down = FormRatio(addition=Decimal(2), source="document"), FormRatio(addition=Decimal(-2), source="document")
    assert price("10", small, dried, form_ratio=up) == "19.00"  # 10 × 1.7 + 2
    assert price("19", dried, small, form_ratio=down) == "10.00"  # (19 − 2) ÷ 1.7


def test_a_smaller_injection_never_costs_more_than_the_one_it_comes_from() -> None:
    small, dried = injection(Form.SMALL_VOLUME_INJECTION, "20mg"), injection(Form.LYOPHILISED_INJECTION, "10mg")
    result = convert(
        Decimal(3), reference=small, target=dried, form_ratio=FormRatio(addition=Decimal(5), source="document")
    )
    assert result.value == Decimal("3.00")
    assert "ratio.smaller-injection" in [step.code for step in result.steps]


def test_what_only_one_side_names_is_refused() -> None:
    with pytest.raises(Inconvertible, match="one-sided"):
        price("10", Presentation(pack=10), Presentation())


@pytest.mark.parametrize("start", ["0", "-1", "1e9", "NaN", "Infinity"])
def test_a_price_out_of_range_is_refused(start: str) -> None:
    with pytest.raises(Inconvertible, match="price-out-of-range"):
        price(start, Presentation(), Presentation())


def test_an_exact_half_rounds_up_also_through_a_division() -> None:
    half, one = by_content("1mg"), by_content("2mg")
    assert price("0.0085", one, half) == "0.01"  # 0.0085 ÷ 1.7 = 0.005 exactly
    assert price("0.1785", one, half) == "0.11"  # 0.105 exactly


def test_powers_of_two_are_exact() -> None:
    assert content_factor(8) == Decimal("4.913")


presentations = st.builds(
    Presentation,
    content=st.builds(Measure, st.decimals("0.01", "5000", places=2), st.sampled_from(["mg", "g", "μg"])),
    fill=st.builds(Measure, st.decimals("0.1", "500", places=1), st.just("ml")),
    pack=st.integers(1, 200),
    sugar_free=st.booleans(),
)


@given(
    st.decimals("1", "100000", places=2), presentations, presentations, st.booleans(), st.sampled_from(RATED), st.data()
)
def test_there_and_back_again_ends_within_one_price_step(
    start: Decimal, here: Presentation, there: Presentation, oral: bool, family: list[Form], data: st.DataObject
) -> None:
    here = replace(here, form=data.draw(st.sampled_from(family)))
    there = replace(there, form=data.draw(st.sampled_from(family)))
    try:
        away = convert(start, reference=here, target=there, oral=oral)
    except Inconvertible as refused:
        assert refused.code == "ratio-out-of-range"
        return
    if not 0 < away.value < 1_000_000_000:
        return
    back = convert(away.value, reference=there, target=here, oral=oral)
    # one step of the coarser of the two prices, seen from here
    step = Decimal("0.01") * max(Decimal(1), start / away.value)
    assert abs(back.value - start) <= step
