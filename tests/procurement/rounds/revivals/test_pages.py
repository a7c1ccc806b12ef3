"""Revivals in the browser: the agency's board, a company's offer, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest

from kernel import clock
from procurement.rounds.revivals import services
from procurement.rounds.services import evaluation
from tests.procurement.rounds.revivals.scenes import DEADLINE, SENT, send, staged
from tests.procurement.rounds.site import Site


@pytest.fixture
def offered(site: Site) -> Iterator[Site]:
    """A round with the first stage sent, at an hour when it may be answered."""
    with site.scene() as scene:
        staged(scene)
        site.built.round_ = scene.round_
    with clock.travel(to=SENT):
        yield site


def ids(site: Site) -> dict[int, int]:
    with site.scene() as scene:
        return {number: one.id for number, one in send(scene).items()}


def test_the_agency_sends_and_the_company_answers_on_its_page(offered: Site) -> None:
    site = offered
    page = site.get("/revivals", "officer").get_data(as_text=True)
    assert "0.9900" in page and "after the shortlisted" in page and "is the highest bid" in page
    wall = f"{clock.beijing(DEADLINE):%Y-%m-%dT%H:%M:%S}"
    assert site.post("/revivals", "officer", deadline="").status_code == 422
    assert site.post("/revivals", "officer", deadline=wall).status_code == 303
    home = site.get("//", "c2").get_data(as_text=True)
    assert "Revivals to answer" in home and "2026-11-12 20:30:00" in home
    assert "Revivals to answer" not in site.get("//", "c4").get_data(as_text=True)
    with site.scene() as scene:
        own = scene.offers(2)[0]
    url = f"//procurement/revivals/{own}"
    shown = site.get(url, "c2").get_data(as_text=True)
    assert "0.9900" in shown and "玖角玖分" in shown and "Keeps its choice of regions" in shown and "data-left" in shown
    assert [site.get(url, who).status_code for who in ("c3", "c5", "officer", "h1")] == [404, 404, 403, 403]
    assert site.post(f"{url}/answer", "c3", accepts="1").status_code in (303, 404)
    with site.scene() as scene:
        assert scene.offers(2) == [own]
    assert site.post(f"{url}/answer", "c2", accepts="1", _key="one").status_code == 303
    assert site.post(f"{url}/answer", "c2", accepts="1", _key="one").status_code == 303
    receipt = site.get(url, "c2").get_data(as_text=True)
    assert "LM-2026-01-" in receipt and "Accept the price" not in receipt
    for who in ("c3", "h1", ""):
        assert site.get("/revivals", who).status_code in (302, 303, 403, 404)


def test_paper_is_recorded_with_its_scan_that_only_the_two_sides_open(offered: Site) -> None:
    site, found = offered, ids(offered)
    url = f"/revivals/{found[3]}/paper"
    assert site.get(url, "officer").status_code == 200
    wall = f"{clock.beijing(SENT):%Y-%m-%dT%H:%M:%S}"
    with clock.travel(to=SENT + timedelta(minutes=5)):
        values = {"accepts": "1", "received_at": wall, "note": "专人送达", "file": (BytesIO(b"%PDF-1.7 x"), "a.pdf")}
        assert (
            site.post(url, "officer", **{**values, "accepts": "", "file": (BytesIO(b"%PDF-"), "a.pdf")}).status_code
            == 422
        )
        assert site.post(url, "officer", **values).status_code == 303
        shown = site.get(f"//procurement/revivals/{found[3]}", "c3").get_data(as_text=True)
        assert "on paper" in shown and "a.pdf" in shown
        start = shown.index(f"/procurement/revivals/{found[3]}/files/")
        scan = "/" + shown[start : shown.index('"', start)]
        assert [site.get(scan, who).status_code for who in ("c3", "officer", "c2", "h1")] == [200, 200, 404, 404]


def test_pages_show_where_the_revivals_stand(offered: Site) -> None:
    site, found = offered, ids(offered)
    record = site.get("", "officer").get_data(as_text=True)
    assert "2 offers wait" in record and "Announce proposed winners" not in record
    assert site.get(f"/revivals?q={'明'}", "officer").status_code == 200
    assert site.get("//procurement/revivals", "c2").get_data(as_text=True).count("0.9900") == 1
    assert "no offer of a revival" in site.get("//procurement/revivals", "c1").get_data(as_text=True)
    for who, rows in (("officer", 2), ("c2", 1), ("c1", 0), ("h1", 0)):
        answer = site.get(f"//exports/procurement.revivals?as=csv&round={site.built.round_id}", who)
        assert answer.status_code == 200 and len(answer.get_data(as_text=True).strip().splitlines()) == rows + 1
    with site.scene() as scene:
        scene.act(services.answer, "c2", SENT, offer_id=found[2], accepts=True)
        scene.does(evaluation.evaluate, at=SENT)
    changed = site.get("", "officer").get_data(as_text=True)
    assert "Revival, Shortlisted: accepted 0.9900" in changed and "Came about by" in changed
