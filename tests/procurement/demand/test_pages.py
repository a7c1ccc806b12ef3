"""Pages, calls and scopes of demand through the application."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from kernel import clock
from tests.procurement.demand.conftest import Site

DEMAND = "/procurement/demand"


def save(browser: FlaskClient, site: Site, rows: list[dict[str, str]], version: int = 0, **values: str):
    form = {"lines": json.dumps(rows), "version": str(version), "then": "stay", **values}
    return browser.post(f"{DEMAND}/{site.call_id}/report", data=form)


def text(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def rows(site: Site) -> list[dict[str, str]]:
    five, ten = site.specifications["V001"]
    return [{"id": f"{five}-0", "quantity": "１２0", "reason": ""}, {"id": f"{ten}-0", "quantity": "", "reason": ""}]


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_page_opens_in_both_languages(site: Site, rows: list[dict[str, str]], locale: str) -> None:
    hospital, agency = site.browser("one"), site.browser("agency")
    save(hospital, site, rows)
    report_id = 1
    seen = {
        agency: ["", "/new", f"/{site.call_id}", f"/{site.call_id}?tab=lots", f"/{site.call_id}/lots", "?state=void",
                 f"/{site.call_id}/caps", f"/{site.call_id}/base", f"/reports/{report_id}"],
        hospital: ["", f"/{site.call_id}", f"/{site.call_id}/report", f"/{site.call_id}/report?plain=1&show=used",
                   f"/{site.call_id}/report/check"],
    }  # fmt: skip
    for browser, addresses in seen.items():
        browser.get(f"/language/{locale}")
        assert browser.get("/").status_code == 200
        for address in addresses:
            assert browser.get(f"{DEMAND}{address}").status_code == 200, address


def test_a_report_goes_from_grid_to_acceptance(site: Site, rows: list[dict[str, str]]) -> None:
    hospital, agency = site.browser("one"), site.browser("agency")
    answer = save(hospital, site, rows, then="check")
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/report/check")
    answer = hospital.post(f"{DEMAND}/{site.call_id}/report/check", data={"version": "1"})
    assert answer.status_code == 303
    board = text(agency.get(f"{DEMAND}/{site.call_id}?report=submitted"))
    assert f"{DEMAND}/reports/1" in board
    returned = agency.post(f"{DEMAND}/reports/1/return", data={"version": "2", "reason": ""})
    assert returned.status_code == 422 and "必填" in text(returned)
    assert agency.post(f"{DEMAND}/reports/1/return", data={"version": "2", "reason": "核对"}).status_code == 303
    assert "核对" in text(hospital.get(f"{DEMAND}/{site.call_id}/report"))
    assert hospital.post(f"{DEMAND}/{site.call_id}/report/check", data={"version": "3"}).status_code == 303
    assert agency.post(f"{DEMAND}/reports/1/accept", data={"version": "4"}).status_code == 303
    assert "已通过" in text(agency.get(f"{DEMAND}/reports/1"))


def test_wrong_cells_come_back_as_they_were_typed(site: Site) -> None:
    five, ten = site.specifications["V001"]
    bad = [{"id": f"{five}-0", "quantity": "12 片", "reason": ""}, {"id": f"{ten}-0", "quantity": "1.5", "reason": ""}]
    answer = save(site.browser("one"), site, bad)
    assert answer.status_code == 422
    page = text(answer)
    assert "12 片" in page and "不是数字" in page and "最多 0 位小数" in page
    assert "12 片" not in text(site.browser("one").get(f"{DEMAND}/{site.call_id}/report"))


def test_the_plain_form_saves_what_the_grid_saves(site: Site) -> None:
    five, _ = site.specifications["V001"]
    browser, maker = site.browser("one"), site.world.id("maker")
    form = {f"q-{five}-0": "7", f"q-{five}-{maker}": "8", f"r-{five}-0": "other", "version": "0", "then": "stay"}
    assert browser.post(f"{DEMAND}/{site.call_id}/report?plain=1", data=form).status_code == 303
    page = text(browser.get(f"{DEMAND}/{site.call_id}/report?plain=1"))
    assert 'value="7"' in page and 'value="8"' in page


def test_a_stale_page_is_a_conflict_and_a_repeated_key_is_one_save(site: Site, rows: list[dict[str, str]]) -> None:
    browser = site.browser("one")
    first = save(browser, site, rows, _key="k1")
    again = save(browser, site, rows, _key="k1")
    assert first.status_code == again.status_code == 303 and again.headers["Idempotency-Replayed"] == "true"
    stale = save(browser, site, [{**rows[0], "quantity": "9"}], version=0, _key="k2")
    assert stale.status_code == 409


@pytest.mark.parametrize("version", ["²", "99999999999999999999999", ""])
def test_a_version_that_is_none_is_a_conflict(site: Site, rows: list[dict[str, str]], version: str) -> None:
    save(site.browser("one"), site, rows)
    answer = site.browser("one").post(f"{DEMAND}/{site.call_id}/report/check", data={"version": version})
    assert answer.status_code == 409


def test_a_collection_of_the_year_one_is_refused_with_its_fields(site: Site) -> None:
    form = {"code": "BL-1", "title": "一", "year": "9" * 5000, "deadline": "0001-01-01T00:00"}
    answer = site.browser("agency").post(f"{DEMAND}/new", data=form)
    assert answer.status_code == 422


def test_a_lot_of_no_known_class_is_refused(site: Site) -> None:
    address = f"{DEMAND}/{site.call_id}/lots/1"
    answer = site.browser("agency").post(address, data={"volume_class": "x", "form_kind": "y"})
    assert answer.status_code == 303


def test_odd_figures_are_confirmed_on_the_page(site: Site) -> None:
    browser = site.browser("one")
    save(browser, site, [])
    address = f"{DEMAND}/{site.call_id}/report/check"
    refused = browser.post(address, data={"version": "1"})
    assert refused.status_code == 422 and "零报告" in text(refused)
    assert browser.post(address, data={"version": "1", "confirmed": "1"}).status_code == 303


def test_what_belongs_to_others_is_not_found(site: Site, rows: list[dict[str, str]]) -> None:
    save(site.browser("one"), site, rows)
    assert site.browser("two").get(f"{DEMAND}/reports/1").status_code == 404
    assert site.browser("two").get(f"{DEMAND}/{site.call_id}/base").status_code == 404
    assert site.browser("two").get(f"{DEMAND}/{site.call_id}/base/workbook").status_code == 404
    for address in ("", f"/{site.call_id}", f"/{site.call_id}/report"):
        assert site.browser("maker").get(f"{DEMAND}{address}").status_code == 403
    assert site.browser("two").get(f"{DEMAND}/999").status_code == 404
    assert site.browser("agency").get(f"{DEMAND}/{site.call_id}/report").status_code == 403
    assert site.browser("bureau").get(f"{DEMAND}/reports/1").status_code == 200
    assert site.browser("bureau").post(f"{DEMAND}/reports/1/accept", data={"version": "1"}).status_code == 403


def test_the_agency_sets_a_collection_up_by_page(site: Site) -> None:
    agency = site.browser("agency")
    empty = agency.post(f"{DEMAND}/new", data={"code": "", "title": "", "year": "27", "deadline": "soon"})
    assert empty.status_code == 422 and text(empty).count("必填") >= 2
    form = {"code": "N1", "title": "新批次", "year": "2028", "deadline": "2099-12-31T17:00:00"}
    made = agency.post(f"{DEMAND}/new", data=form)
    lots = made.headers["Location"]
    assert lots.endswith("/lots")
    assert agency.post(f"{DEMAND}/new", data=form).status_code == 409
    assert agency.post(lots, data={"codes": "V001、nope"}).status_code == 404
    assert agency.post(lots, data={"codes": "V001\nV002"}).status_code == 303
    base = lots.removesuffix("/lots")
    page = text(agency.get(lots))
    assert "氨氯地平" in page and "布洛芬" in page
    assert agency.post(f"{base}/caps", data={"cap-999": "1"}).status_code == 422
    assert agency.post(f"{base}/start").status_code == 303
    assert "填报中" in text(agency.get(base))
    late = agency.post(f"{base}/extend", data={"deadline": "2000-01-01T00:00:00", "reason": "x"})
    assert late.status_code == 422 and "晚于" in text(late)
    assert agency.post(f"{base}/void", data={"reason": "作废原因"}).status_code == 303


def test_calls_are_listed_for_whom_they_are(site: Site) -> None:
    path = "/api/v1/procurement/demand/calls"
    found = site.browser("one").get(path).get_json()
    assert [each["code"] for each in found] == ["BL-2027"] and found[0]["state"] == "collecting"
    one = site.browser("agency").get(f"{path}/{site.call_id}").get_json()
    assert [lot["number"] for lot in one["lots"]] == [1, 2]
    assert one["lots"][0]["specifications"][1]["volume_factor"].startswith("2.0")
    assert site.browser("maker").get(path).status_code == 403
    assert site.browser("one").get(f"{path}/999").status_code == 404


def test_the_deadline_is_kept_by_the_page_too(site: Site, rows: list[dict[str, str]]) -> None:
    browser = site.browser("one")
    with clock.travel(to=site.deadline + timedelta(milliseconds=2)):
        late = save(browser, site, rows)
        assert late.status_code == 409 and "已过截止时间" in text(late)
        assert "审核中" in text(browser.get(f"{DEMAND}/{site.call_id}"))


@pytest.mark.parametrize(
    "lines", ["{", "[1]", '[{"id": 5, "quantity": 1}]', '[{"id": [], "quantity": {}}]', "[" * 99_999]
)
def test_a_grid_that_is_none_is_refused_and_changes_nothing(site: Site, lines: str) -> None:
    answer = site.browser("one").post(f"{DEMAND}/{site.call_id}/report", data={"version": "0", "lines": lines})
    assert answer.status_code in (303, 422)
    assert "5mg" in site.browser("one").get(f"{DEMAND}/{site.call_id}/report").text


def test_of_two_submissions_at_once_one_is_taken(site: Site, rows: list[dict[str, str]]) -> None:
    save(site.browser("one"), site, rows)
    address = f"{DEMAND}/{site.call_id}/report/check"
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: site.browser("one").post(address, data={"version": "1"}), range(4)))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
