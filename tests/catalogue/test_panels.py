"""The pages of drugs, products and consumables: what they are, where the national list has them, who else, where."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from catalogue.consumables.rules.nmpa import Device
from catalogue.consumables.services import put_categories, put_consumables, put_devices
from catalogue.drugs.models import Product
from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.editions.services import editions
from catalogue.editions.services.matching import match_products
from catalogue.register.services import put_drugs, put_local_products
from catalogue.search.sources.services import catch_up
from kernel.auth.actor import SYSTEM, Actor
from kernel.db import Database
from tests.catalogue.conftest import NOW, aspirin, company
from tests.catalogue.editions.test_services import entry, filled, reviewer

MORE: dict[str, Any] = {"import_id": None, "actor": SYSTEM, "at": NOW, "facts": {}}
DRUG = "XB01ACA010A001010198001"
CONSUMABLE = "C9901010010000198001"
DI, BOX = "09529800000016", "19529800000013"


@pytest.fixture
def shelf(database: Database) -> Database:
    """An aspirin of two makers with codes, on two editions and a hospital's list, and a balloon with identifiers."""
    with database.transaction() as session:
        _variety, (specification,) = aspirin(session, "100mg")
        mine, other = company(session, "明川药业有限公司"), company(session, "清河制药有限公司")
        for who, number in ((mine, "国药准字H20190001"), (other, "国药准字H20190002")):
            draft = ProductDraft("阿司匹林肠溶片", number, 30)
            create_product(
                session, company_id=who.id, specification_id=specification.id, draft=draft, actor=SYSTEM, at=NOW
            )
        put_drugs(
            session, columns={
                "code": [DRUG, DRUG[:-1] + "2", DRUG[:14] + "020198001"], "registered_name": ["阿司匹林肠溶片"] * 3,
                "company": ["明川药业有限公司", "清河制药有限公司", "明川药业有限公司"],
                "registered_form": ["片剂"] * 3, "actual_form": ["肠溶片"] * 3,
                "actual_spec": ["100mg", "100mg", "50mg"],
                "approval_number": ["国药准字H20190001", "H20190002", None], "row": [2, 3, 4],
            }, **MORE,
        )  # fmt: skip
        put_local_products(
            session, columns={
                "list_name": ["一院", "二院"], "local_code": ["0012", "7"], "name": ["阿司匹林"] * 2,
                "approval_number": ["国药准字H20190001(H20190009)", None], "drug_code": [None, DRUG], "row": [2, 3],
            }, **MORE,
        )  # fmt: skip
        old = filled(session, "2024", entry(1, "阿司匹林", restriction="限二级预防。"))
        new = filled(session, "2025", entry(1, "阿司匹林"))
        for edition in (old, new):
            editions.issue(session, edition_id=edition.id, actor=reviewer(session), at=NOW)
        match_products(session, edition_id=new.id, actor=SYSTEM, at=NOW)
        put_categories(session, columns={"code": ["C990101001"], "name": ["球囊扩张导管"], "row": [2]}, **MORE)
        put_consumables(
            session, columns={
                "code": [CONSUMABLE], "generic_name": ["球囊扩张导管"], "company": ["江海医疗器械有限公司"],
                "class_1": ["示例耗材"], "certificate": ["国械注准20983030001"],
                "certificate_until": [date(2026, 12, 1)], "udi": [DI], "row": [2],
            }, **MORE,
        )  # fmt: skip
        packings = ({"di": BOX, "level": "盒", "count": "10", "holds": DI},)
        devices = [
            Device(di=DI, model="CBC-1210", codes=CONSUMABLE, packings=packings),
            Device(di="09529800000023", model="CBC-1215", certificate="国械注准20983030001"),
        ]
        put_devices(session, devices=devices, actor=SYSTEM, at=NOW, facts={})
        catch_up(session)
    return database


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_drug_tells_its_code_its_list_entries_its_makers_and_where_it_is_kept(
    officer: FlaskClient, shelf: Database, language: str
) -> None:
    officer.get(f"/language/{language}")
    page = officer.get(f"/catalogue/drugs/{DRUG}").text
    assert "抗血栓形成药" in page, "the class of the national list, named in the code"
    assert ">2025<" in page and ">2024<" in page and "限二级预防" in page, "through the editions"
    assert "清河制药有限公司" in page and "一院" in page and "二院" in page
    assert "/catalogue/products/" in page, "the product of a variety under the same approval number"
    assert DRUG[:14] + "020198001" in page, "another pack of this maker"


def test_a_product_tells_its_codes_its_list_entries_and_the_same_of_others(
    officer: FlaskClient, shelf: Database
) -> None:
    with shelf.transaction(write=False) as session:
        product = session.scalars(select(Product).where(Product.approval_number == "国药准字H20190001")).one()
    page = officer.get(f"/catalogue/products/{product.id}").text
    assert DRUG in page and "限二级预防" in page and "清河制药有限公司" in page
    assert "一院" in page and "二院" in page and "H20190002" in page


def test_a_consumable_tells_its_certificate_and_its_identifiers(officer: FlaskClient, shelf: Database) -> None:
    page = officer.get(f"/catalogue/consumables/{CONSUMABLE}").text
    assert DI in page and BOX in page and "CBC-1210" in page
    assert "CBC-1215" in page, "another device under the same certificate"
    assert "剩 11 天" in page or "天" in page
    assert CONSUMABLE in officer.get(f"/catalogue/consumables?q={DI}").text, "found by its identifier"
    assert CONSUMABLE in officer.get(f"/catalogue/codes?code={DI}&kind=udi-di").text


def test_pages_show_when_nothing_else_is_known(officer: FlaskClient, database: Database) -> None:
    with database.transaction() as session:
        _variety, (specification,) = aspirin(session, "100mg")
        product = create_product(
            session, company_id=company(session, "明川药业有限公司").id, specification_id=specification.id,
            draft=ProductDraft("阿司匹林肠溶片", "国药准字H20190001", 30), actor=SYSTEM, at=NOW,
        )  # fmt: skip
        columns = {"code": ["T0100010101000098001"], "registered_name": ["黄芪配方颗粒"], "company": ["甲"], "row": [2]}
        put_drugs(session, columns=columns, **MORE)
        columns = {"code": [CONSUMABLE], "generic_name": ["导管"], "company": ["甲"], "row": [2]}
        put_consumables(session, columns=columns, **MORE)
    for path in (f"products/{product.id}", "drugs/T0100010101000098001", f"consumables/{CONSUMABLE}"):
        assert officer.get(f"/catalogue/{path}").status_code == 200


def test_decisions_on_coded_drugs_stay_when_matched_anew(shelf: Database) -> None:
    from catalogue.editions.flow import MatchAction, MatchState
    from catalogue.editions.models import Edition, ListMatch
    from catalogue.editions.services.matching import decide

    with shelf.transaction() as session:
        edition = session.scalars(select(Edition).where(Edition.code == "2025")).one()
        ours = select(ListMatch).where(ListMatch.drug_key.is_not(None), ListMatch.edition_id == edition.id)
        (match,) = session.scalars(ours).all()
        assert (match.drugs, match.product_id) == (3, None), "coded drugs alike are one match"
        officer: Actor = reviewer(session)
        decide(session, match_id=match.id, action=MatchAction.REJECT, actor=officer, at=NOW)
        match_products(session, edition_id=edition.id, actor=SYSTEM, at=NOW)
        assert [each.state for each in session.scalars(ours)] == [MatchState.REJECTED]
