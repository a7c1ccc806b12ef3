"""Pages of dual channel, for everybody who may open them, in both languages."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.models.places import Designation, ResponsibleDoctor
from catalogue.dual_channel.models.records import Prescription, StockLine
from kernel import clock
from kernel.db import Database
from tests.catalogue.dual_channel.conftest import AT, Site

HOME = "/catalogue/dual-channel"
READERS = {
    "agency": (
        "/drugs", "/drugs?state=valid&layer=separate&q=甲", "/drugs?q=没有", "/drugs/1", "/rules",
        "/rules?region=980100", "/places", "/places?kind=pharmacy&state=designated&q=机构", "/places?region=980200",
        "/places/1", "/places/2", "/coverage", "/coverage?region=980100", "/gaps", "/use", "/prescriptions",
        "/prescriptions?state=issued",
    ),
    "hospital": (
        "/drugs", "/places", "/places/1", "/coverage", "/gaps", "/use", "/prescriptions", "/doctors", "/rules",
    ),
    "one": ("/drugs", "/places", "/places/2", "/coverage", "/gaps", "/stock", "/prescriptions", "/rules"),
    "three": ("/stock", "/gaps"),
}  # fmt: skip


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path if path == "/" else HOME + path)
    assert answer.status_code == status, (path, answer.text[-2000:])
    return answer.text


def sent(client: FlaskClient, path: str, status: int = 303, **form: object) -> str:
    answer = client.post(HOME + path, data=form)
    assert answer.status_code == status, (path, answer.text[-2000:])
    return answer.text


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("who", READERS)
def test_every_page_shows(language: str, who: str, site: Site) -> None:
    browser = site.browser(who)
    browser.get(f"/language/{language}")
    for path in ("/", *READERS[who]):
        page(browser, path)


def test_nobody_opens_what_is_not_his(site: Site) -> None:
    hospital, pharmacy, agency = (site.browser(who) for who in ("hospital", "one", "agency"))
    for path in ("/stock", "/drugs/999", "/places/999", "/prescriptions/9", "/coverage?region=x"):
        page(hospital, path, 403 if path == "/stock" else 404)
    page(pharmacy, "/doctors", 403)
    page(agency, "/doctors", 403)
    page(hospital, "/places/4", 404)
    for path in ("/drugs", "/drugs/1", "/places", "/places/1/suspend", "/rules"):
        assert pharmacy.post(HOME + path).status_code == 403


def test_the_agency_lists_a_drug_and_lets_it_leave(site: Site, database: Database) -> None:
    agency, entry = site.browser("agency"), site.world.entries["丙列净片"]
    said = {"fixings.used": "drug", "list.parts": "price-bid", "source": "办法", "region": "980100", "version": "0"}
    sent(agency, "/rules", **said)
    form = {"region": "980100", "entry_id": entry.id, "layer": "ordinary", "begins_on": "2026-01-01"}
    assert "首日" not in sent(agency, "/drugs", **{**form, "begins_on": "bad"}, status=422)
    sent(agency, "/drugs", **form)
    with database.transaction(write=False) as session:
        drug = session.scalars(select(ListedDrug).where(ListedDrug.region_code == "980100")).one()
    sent(agency, f"/drugs/{drug.id}/leave", 422, leaves_on="2026-06-30", reason="")
    sent(agency, f"/drugs/{drug.id}/leave", 422, leaves_on="9999-12-31", reason="转入常规")
    sent(agency, f"/drugs/{drug.id}/leave", leaves_on="2026-06-30", transition_until="2026-12-31", reason="转入常规")
    sent(agency, f"/drugs/{drug.id}", version="2", begins_on="2026-01-01", leaves_on="2026-06-30",
         transition_until="2026-12-31", note="说明")  # fmt: skip
    with database.transaction(write=False) as session:
        drug = session.get_one(ListedDrug, drug.id)
        assert (str(drug.leaves_on), str(drug.transition_until), drug.note) == ("2026-07-01", "2027-01-01", "说明")
    rows = (
        load_workbook(io.BytesIO(agency.get("/exports/catalogue.dual_drugs?region=980100").data)).worksheets[0].values
    )
    assert [row[4] for row in rows][1:] == ["丙列净片"]


def test_a_place_is_proposed_publicised_and_designated_by_another(site: Site, database: Database) -> None:
    agency, reviewer = site.browser("agency"), site.browser("reviewer")
    place = site.world.organisations["hospital2"]
    offered = agency.get(f"/api/v1{HOME}/places?q=hospital2").json or ()
    assert [each["text"] for each in offered] == [place.name]
    sent(agency, "/places", organisation_id=place.id)
    with database.transaction(write=False) as session:
        row = session.scalars(select(Designation).where(Designation.organisation_id == place.id)).one()
    path = f"/places/{row.id}"
    sent(agency, f"{path}/publicise", version="1")
    sent(agency, f"{path}/designate", 422)
    with clock.travel(to=AT.replace(month=12, day=28)):
        reviewer = site.browser("reviewer")
        sent(reviewer, f"{path}/designate")
        sent(reviewer, f"{path}/review", result="to-correct", reason="台账不全")
        sent(reviewer, f"{path}/restore")
        sent(reviewer, f"{path}/suspend", 422, reason="")
        sent(reviewer, f"{path}/suspend", reason="核查")
        sent(reviewer, f"{path}/withdraw", reason="核查不合格")
        assert "台账不全" in page(reviewer, path)
    with database.transaction(write=False) as session:
        assert session.get_one(Designation, row.id).state.value == "withdrawn"
    sent(agency, "/places/4/profile", chain="康宁", traceability="1", stock_upload="1", version="1")


def test_a_pharmacy_reports_and_keeps_what_was_refused_as_typed(site: Site, database: Database) -> None:
    browser = site.browser("one")
    with database.transaction(write=False) as session:
        drug = session.scalars(select(ListedDrug).where(ListedDrug.drug_key == "乙单抗注射液")).one()
    wrong = sent(browser, "/stock", 422, **{f"quantity-{drug.id}": "5", f"price-{drug.id}": "2000"})
    assert "1560" in wrong and 'value="2000"' in wrong
    assert "须同时填写" in sent(browser, "/stock", 422, **{f"quantity-{drug.id}": "5"})
    sent(browser, "/stock", **{f"quantity-{drug.id}": "5", f"price-{drug.id}": "１５００"})
    with database.transaction(write=False) as session:
        query = select(StockLine.quantity).where(StockLine.drug_key == "乙单抗注射液").order_by(StockLine.day.desc())
        assert session.scalars(query).first() == 5
    sent(site.browser("three"), "/stock", 422, **{f"quantity-{drug.id}": "5", f"price-{drug.id}": "1500"})
    rows = load_workbook(io.BytesIO(browser.get("/exports/catalogue.dual_stock").data)).worksheets[0].values
    assert [row[3] for row in rows][1:] == ["乙单抗注射液", "甲替尼片"]


def test_a_prescription_from_the_hospital_to_the_counter(site: Site, database: Database) -> None:
    hospital, pharmacy = site.browser("hospital"), site.browser("one")
    sent(hospital, "/doctors", 422, name="", licence="1", since="2026-01-01")
    sent(hospital, "/doctors", name="沈静之", licence="110", since="2026-01-01")
    with database.transaction(write=False) as session:
        doctor = session.scalars(select(ResponsibleDoctor)).one()
        drug = session.scalars(select(ListedDrug).where(ListedDrug.drug_key == "甲替尼片")).one()
    form = {"number": "RX9", "doctor_id": doctor.id, "drug_id": drug.id, "quantity": "2", "patient": "J100"}
    named = sent(hospital, "/prescriptions", 422, **{**form, "patient": "11010519491231002X"})
    assert "11010519491231002X" not in named and "院内编号" in named
    sent(hospital, "/prescriptions", **form)
    with database.transaction(write=False) as session:
        row = session.scalars(select(Prescription)).one()
    path = f"/prescriptions/{row.id}"
    assert "（有货）" in page(hospital, path)
    sent(hospital, f"{path}/choose", pharmacy_id=site.world.organisations["one"].id)
    assert "甲替尼片" in page(pharmacy, "/") and "沈静之" not in page(pharmacy, path)
    sent(pharmacy, f"{path}/dispense", 422, price="100")
    sent(pharmacy, f"{path}/dispense", price="100", patient_seen="1")
    sent(pharmacy, f"{path}/settle")
    assert "60.00" in page(pharmacy, path) and "200.00" in page(site.browser("agency"), "/use")
    sent(hospital, f"/doctors/{doctor.id}/end", until="2026-11-30")


def test_entries_are_offered_to_those_who_list_them(site: Site) -> None:
    found = site.browser("agency").get(f"/api/v1{HOME}/entries?q=替尼").json
    assert [each["text"] for each in found or ()] == ["甲替尼片"]
    assert site.browser("one").get(f"/api/v1{HOME}/entries?q=替尼").status_code == 403
    rows = (
        load_workbook(io.BytesIO(site.browser("agency").get("/exports/catalogue.dual_coverage").data))
        .worksheets[0]
        .values
    )
    assert [row[1:] for row in rows][1:] == [(0, 0), (1, 0)]
