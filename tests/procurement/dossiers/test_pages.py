"""Company files as people see them."""

from __future__ import annotations

import io
from datetime import timedelta

from werkzeug.test import TestResponse

from kernel.clock import now, today
from tests.procurement.rounds.site import Site

DOSSIER, DOCUMENTS = "//procurement/dossier", "//procurement/documents"


def file(site: Site, who: str = "c1", url: str = f"{DOSSIER}/new", **form: str) -> TestResponse:
    values = {"kind": "production-licence", "number": "江20260001", "until": str(today(now()) + timedelta(20))} | form
    return site.post(url, who, file=(io.BytesIO(b"%PDF-1.7 x"), "许可证.pdf"), **values)


def test_a_company_files_the_agency_sends_back_the_company_mends(site: Site) -> None:
    made = file(site)
    assert made.status_code == 303
    place = "/" + made.location
    assert "Ends soon" in site.get(DOSSIER, "c1").text
    assert "江20260001" in site.get(DOCUMENTS, "officer").text
    sent = site.post(f"{place}/send-back", "officer", reason="no-seal", text="第二页无公章")
    assert sent.status_code == 303
    own = site.get(place, "c1").text
    assert "第二页无公章" in own
    assert "Seal or signature is missing" in own
    again = file(site, url=f"{place}/renewal", number="江20260009", until="", unlimited="1")
    newer = site.get("/" + again.location, "officer").text
    assert "江20260001" in newer
    assert "Mark as checked" in newer
    assert site.post(f"/{again.location}/check", "officer", text="").status_code == 303
    assert "Checked" in site.get(DOSSIER, "c1").text


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(site: Site) -> None:
    page = file(site, until="", number="江20260777")
    assert page.status_code == 422
    assert "江20260777" in page.text
    assert "Enter the last day, or say that the document is unlimited." in page.text
    wrong = site.post(f"{DOSSIER}/new", "c1", kind="gmp", number="1", unlimited="1")
    assert "Choose a file" in wrong.text


def test_a_file_is_given_to_those_who_may_read_its_document(site: Site) -> None:
    place = "/" + file(site).location
    files = {who: site.get(f"{place}/files/1", who).status_code for who in ("c1", "officer", "supervisor", "c2", "h1")}
    assert files == {"c1": 200, "officer": 200, "supervisor": 200, "c2": 404, "h1": 403}
    answer = site.get(f"{place}/files/1", "c1")
    assert (answer.data, answer.headers["Content-Disposition"].startswith("attachment")) == (b"%PDF-1.7 x", True)
    other = "/" + file(site, "c2").location
    assert site.get(f"{other}/files/1", "c2").status_code == 404


def test_lists_show_ones_own_and_go_out_as_workbooks(site: Site) -> None:
    file(site), file(site, "c2", number="海20260002")
    assert "海20260002" not in site.get(DOCUMENTS, "c1").text
    assert "海20260002" in site.get(f"{DOCUMENTS}?q=海岳&ends=soon&state=filed", "officer").text
    assert "海20260002" not in site.get(f"{DOCUMENTS}?ends=expired", "officer").text
    table = site.get("//exports/procurement.documents?as=csv", "officer").data.decode("utf-8-sig")
    assert "江20260001" in table
    assert "海20260002" in table
    assert "江20260001" not in site.get("//exports/procurement.documents?as=csv", "c2").data.decode("utf-8-sig")


def test_the_first_page_says_what_ends_and_what_waits(site: Site) -> None:
    file(site)
    assert "Documents that end" in site.get("//", "c1").text
    assert "Documents to look at" in site.get("//", "officer").text
