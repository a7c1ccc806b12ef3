"""Setting up the catalogue, on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.models import RelatedGroup, Specification
from catalogue.drugs.queries import companies as company_queries
from catalogue.drugs.rules.drafts import BadFactors, SpecificationDraft
from catalogue.drugs.rules.forms import Form, FormKind
from catalogue.drugs.rules.ratios import IncomparableStrength
from catalogue.drugs.services import companies, products, varieties
from catalogue.drugs.services.products import ProductDraft
from catalogue.tags import Tag
from kernel.audit.models import AuditEntry
from kernel.audit.services import write_pending
from kernel.auth.actor import SYSTEM
from kernel.errors import Conflict, DomainError, NotFound
from kernel.parties.credit import BadCreditCode
from tests.catalogue.conftest import NOW, aspirin, company, credit_code

BY = {"actor": SYSTEM, "at": NOW}


def draft(text: str, **more: object) -> SpecificationDraft:
    return SpecificationDraft(text, Form.ENTERIC_TABLET, **more)  # type: ignore[arg-type]


def factors(specifications: list[Specification]) -> dict[str, tuple[str, str]]:
    return {each.text: (f"{each.price_factor:f}", f"{each.volume_factor:f}") for each in specifications}


def test_the_first_specification_is_the_reference_and_others_follow_the_ratio_rules(session: Session) -> None:
    variety, _added = aspirin(session, "25mg", "50mg", "100mg")
    assert variety.reference is not None and variety.reference.text == "25mg"
    assert [Decimal(pair) for pair in factors(variety.specifications)["100mg"]] == [Decimal("2.89"), 4]


def test_a_new_reference_turns_all_factors(session: Session) -> None:
    variety, (low, _middle, high) = aspirin(session, "25mg", "50mg", "100mg")
    varieties.change_specification(session, specification_id=high.id, draft=draft("100mg", is_reference=True), **BY)
    session.flush()
    assert [each.text for each in variety.specifications if each.is_reference] == ["100mg"]
    assert (low.price_factor, low.volume_factor) == (Decimal("0.346020761246"), Decimal("0.25"))


def test_a_changed_reference_text_changes_the_computed_factors_and_says_so(session: Session) -> None:
    _variety, (low, high) = aspirin(session, "25mg", "100mg")
    varieties.change_specification(session, specification_id=low.id, draft=draft("50mg"), **BY)
    assert (high.price_factor, high.volume_factor) == (Decimal("1.7"), Decimal(2))
    write_pending(session)
    changed = session.scalars(select(AuditEntry).where(AuditEntry.tag == Tag.SPECIFICATION_CHANGED)).all()
    assert {entry.subject_id for entry in changed} == {str(low.id), str(high.id)}


def test_strengths_that_do_not_compare_need_stated_factors(session: Session) -> None:
    variety, _added = aspirin(session, "25mg")
    with pytest.raises(IncomparableStrength):
        varieties.add_specification(session, variety_id=variety.id, draft=draft("5ml"), **BY)
    stated = draft("特殊包装", price_factor=Decimal("1.5"), volume_factor=Decimal(2))
    added = varieties.add_specification(session, variety_id=variety.id, draft=stated, **BY)
    assert added.factors_stated and added.price_factor == Decimal("1.5")


@pytest.mark.parametrize("pair", [("1.5", None), ("0", "1"), ("-1", "1"), ("1000001", "1")])
def test_factors_are_stated_together_and_in_range(session: Session, pair: tuple[str, str | None]) -> None:
    variety, _added = aspirin(session, "25mg")
    price, volume = (Decimal(value) if value else None for value in pair)
    with pytest.raises(BadFactors):
        varieties.add_specification(
            session, variety_id=variety.id, draft=draft("50mg", price_factor=price, volume_factor=volume), **BY
        )


def test_stated_factors_are_divided_by_the_new_reference(session: Session) -> None:
    variety, (_low, high) = aspirin(session, "25mg", "50mg")
    stated = varieties.add_specification(
        session, variety_id=variety.id,
        draft=draft("特殊", price_factor=Decimal("3.4"), volume_factor=Decimal(6)), **BY,
    )  # fmt: skip
    varieties.change_specification(session, specification_id=high.id, draft=draft("50mg", is_reference=True), **BY)
    assert (stated.price_factor, stated.volume_factor) == (Decimal(2), Decimal(3))


def test_the_same_variety_number_or_specification_twice_is_refused(session: Session) -> None:
    variety, _added = aspirin(session, "25mg")
    kept = {"form_group": "口服常释剂型", "form_kind": FormKind.ORAL_SOLID, **BY}
    for code, generic in (("V001", "布洛芬"), ("V002", "阿司匹林")):
        with pytest.raises(Conflict):
            varieties.create_variety(session, code=code, generic_name=generic, **kept)
    with pytest.raises(Conflict):
        varieties.add_specification(session, variety_id=variety.id, draft=draft("25mg"), **BY)


def test_a_form_group_keeps_its_kind(session: Session) -> None:
    varieties.ensure_form_group(session, name="注射剂", kind=FormKind.INJECTION)
    with pytest.raises(Conflict):
        varieties.ensure_form_group(session, name="注射剂", kind=FormKind.OTHER)


def test_a_stale_save_is_refused(session: Session) -> None:
    variety, _added = aspirin(session, "25mg")
    with pytest.raises(Conflict, match="changed-meanwhile"):
        varieties.change_variety(
            session, variety_id=variety.id, version=variety.version - 1, code="V9", strength_group="",
            volume_class=variety.volume_class, **BY,
        )  # fmt: skip


def test_a_product_keeps_one_spelling_of_its_approval_number(session: Session) -> None:
    _variety, (low,) = aspirin(session, "25mg")
    maker = company(session, "甲药业")
    made = products.create_product(
        session, company_id=maker.id, specification_id=low.id, draft=ProductDraft("片", "国药准字 h20045678", 24), **BY
    )
    assert made.approval_number == "国药准字H20045678"
    with pytest.raises(Conflict):
        products.create_product(
            session,
            company_id=maker.id,
            specification_id=low.id,
            draft=ProductDraft("片", "国药准字H20045678", 24),
            **BY,
        )


@pytest.mark.parametrize("pack", [0, -1, 1_000_001])
def test_a_pack_holds_something(session: Session, pack: int) -> None:
    _variety, (low,) = aspirin(session, "25mg")
    maker = company(session, "甲药业")
    with pytest.raises(products.BadPack):
        products.create_product(
            session,
            company_id=maker.id,
            specification_id=low.id,
            draft=ProductDraft("片", "国药准字H20045678", pack),
            **BY,
        )


def test_a_credit_code_is_checked_and_belongs_to_one(session: Session) -> None:
    with pytest.raises(BadCreditCode):
        company(session, "甲药业", "91330106673959654X")
    code = credit_code("甲药业")
    company(session, "甲药业", code.lower())
    with pytest.raises(Conflict, match="credit-code-taken"):
        company(session, "乙药业", code)


def test_related_companies_count_as_one_while_they_are_related(session: Session) -> None:
    first, second, third = (company(session, name) for name in ("甲药业", "乙制药", "丙生物"))
    groups = [companies.create_group(session, name=name, reason="控股", **BY) for name in ("甲系", "乙系")]
    session.flush()
    since, until = date(2024, 1, 1), date(2026, 1, 1)
    for group, member, end in ((0, first, None), (0, second, until), (1, second, None), (1, third, None)):
        companies.add_member(session, group_id=groups[group].id, company_id=member.id, since=since, until=end, **BY)
    session.flush()
    ids = [first.id, second.id, third.id]
    then = company_queries.group_keys(session, company_ids=ids, day=date(2025, 12, 31))
    assert len(set(then.values())) == 1 and set(then) == set(ids)
    now = company_queries.group_keys(session, company_ids=ids, day=until)
    assert set(now) == {second.id, third.id}
    assert company_queries.group_keys(session, company_ids=[first.id, second.id], day=until) == {}


def test_a_company_is_in_a_group_once_at_a_time(session: Session) -> None:
    maker = company(session, "甲药业")
    group = companies.create_group(session, name="甲系", reason="控股", **BY)
    session.flush()
    member = companies.add_member(session, group_id=group.id, company_id=maker.id, since=date(2024, 1, 1), **BY)
    session.flush()
    with pytest.raises(Conflict, match="already-related"):
        companies.add_member(session, group_id=group.id, company_id=maker.id, since=date(2025, 1, 1), **BY)
    with pytest.raises(DomainError, match="empty-period"):
        companies.end_member(session, group_id=group.id, member_id=member.id, until=date(2024, 1, 1), **BY)
    companies.end_member(session, group_id=group.id, member_id=member.id, until=date(2025, 1, 1), **BY)
    companies.add_member(session, group_id=group.id, company_id=maker.id, since=date(2025, 1, 1), **BY)
    assert len(session.get_one(RelatedGroup, group.id).members) == 2


def test_what_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        varieties.change_specification(session, specification_id=99, draft=draft("1mg"), **BY)
    with pytest.raises(NotFound):
        products.change_product(session, product_id=99, draft=ProductDraft("片", "国药准字H20045678", 1), **BY)
