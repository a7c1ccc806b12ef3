"""The pages of panels: who gets which, and that nothing of a bid stands on them before the opening."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from kernel import clock
from kernel.db import Database
from kernel.files import queries as files
from procurement.dossiers import services as dossiers
from procurement.dossiers.flow import DocumentKind
from procurement.dossiers.models import CompanyDocument
from procurement.dossiers.services import DocumentDraft, Upload
from procurement.rounds.services import announcing, evaluation, opening
from tests.procurement.rounds.experts.panel import (
    DUE,
    EXPERTS,
    WORK,
    board,
    declare,
    invite,
    publish,
    score_all,
    seated,
)
from tests.procurement.rounds.scene import DEADLINE, Scene, populate
from tests.procurement.rounds.site import Site

SECRETS = ("1.2500", "1.25", "1.1000", "国药准字")


def built(app: Flask, database: Database) -> Site:
    """A composite round with its panel, behind the application; sessions for the experts too."""
    with database.transaction() as session:
        scene = populate(session)
        seated(scene)
    return make_around(app, database, scene)


def make_around(app: Flask, database: Database, scene: Scene) -> Site:
    site = Site(app, database, scene)
    with database.transaction() as session:
        site.sign_in(session)
    return site


def filed(scene: Scene, number: int) -> tuple[int, int]:
    """Let a company keep its licence on file; return the document and its file."""
    draft = DocumentDraft(DocumentKind.BUSINESS_LICENCE, number=f"执照{number}")
    upload = Upload(f"执照{number}.pdf", b"%PDF-1.7")
    made = scene.act(dossiers.file, f"c{number}", WORK, draft=draft, uploads=[upload])
    return made.id, files.of_parent(scene.session, CompanyDocument.__tablename__, made.id)[0].id


def at(site: Site, url: str, who: str, when: object = WORK) -> str:
    with clock.travel(to=when):  # type: ignore[arg-type]  # an instant
        answer = site.get(url, who)
    return answer.text if answer.status_code == 200 else str(answer.status_code)


def test_an_expert_declares_and_scores_on_pages_without_any_price(app: Flask, database: Database) -> None:
    site = built(app, database)
    before = at(site, "/scoring", "e1", DEADLINE - timedelta(seconds=1))
    assert "Bidding is not over" in before
    assert "药业" not in before
    first = at(site, "/scoring", "e1")
    assert "药业" in first
    assert at(site, "/scoring/1", "e1") == "403"
    with site.scene() as scene:
        companies = {number: scene.company(number) for number in (1, 2, 3)}
    said = {f"company-{one}": "none" for one in companies.values()} | {f"company-{companies[2]}": "conflict"}
    with clock.travel(to=WORK):
        assert "Name the ground" in site.post("/scoring", "e1", **said).text
        told = said | {f"ground-{companies[2]}": "曾任顾问"}
        assert site.post("/scoring", "e1", **told).status_code == 303
        assert site.get("/scoring/1", "e1").status_code == 404
        marks = {f"{companies[1]}-quality": "80", f"{companies[3]}-quality": "101"}
        assert "“101” is not a score" in site.post("/scoring/2", "e1", do="submit", **marks).text
        marks[f"{companies[3]}-quality"] = "70.5"
        assert site.post("/scoring/2", "e1", do="submit", **marks).status_code == 303
    pages = [first, at(site, "/scoring", "e1"), at(site, "/scoring/2", "e1"), at(site, "", "e1"),
             at(site, "/lots/1", "e1"), at(site, "//procurement/experts", "e1")]  # fmt: skip
    assert "70.50" in pages[2]
    assert not [secret for page in pages for secret in SECRETS if secret in page]


def test_pages_of_a_panel_open_to_nobody_else(app: Flask, database: Database) -> None:
    site = built(app, database)
    for who in ("e4", "c1", "officer", "supervisor"):
        assert at(site, "/scoring", who) in ("403", "404")
        assert at(site, "/scoring/1", who) in ("403", "404")
    for who in ("e1", "c1", "h1"):
        assert at(site, "/experts", who) in ("403", "404")
        assert at(site, f"//exports/procurement.expert-scores?round={site.built.round_id}&as=csv", who) in (
            "403",
            "404",
        )
    assert "e1人" in at(site, "/experts", "supervisor")


def test_the_agency_sees_progress_first_and_scores_when_all_are_in(app: Flask, database: Database) -> None:
    site = built(app, database)
    with site.scene() as scene:
        declare(scene, "e1", {2: "曾任顾问"})
    page = at(site, "/experts", "officer")
    assert "曾任顾问" in page
    assert "Not yet to be read" in page
    assert not [secret for secret in SECRETS if secret in page]


def test_whoever_opens_the_bids_reads_what_of_the_experts_work_they_wait_for(app: Flask, database: Database) -> None:
    site = built(app, database)
    waiting = at(site, "", "officer")
    assert "Expert 1 has not declared its interests." in waiting and "Open all bids" not in waiting
    assert "has not declared" not in at(site, "", "e1") + at(site, "", "c1")
    with site.scene() as scene:
        score_all(scene)
    ready = at(site, "", "officer")
    assert "What the opening waits for" not in ready and "Open all bids" in ready


def test_an_expert_reads_the_checked_files_of_the_companies_on_its_own_sheets(app: Flask, database: Database) -> None:
    site = built(app, database)
    with site.scene() as scene:
        declare(scene, "e1", {2: "曾任顾问"})
        declare(scene, "e2")
        made = [filed(scene, number) for number in (1, 2, 3)]
        scene.act(dossiers.check, "officer", WORK, document_id=made[0][0])
    page = at(site, "/scoring/2", "e1")
    assert "执照1.pdf" in page and "执照3.pdf" not in page  # the third is not checked yet
    url = "/scoring/{}/documents/{}/files/{}"
    assert at(site, url.format(2, *made[0]), "e1")[:3] not in ("403", "404")
    assert at(site, url.format(1, *made[0]), "e1") == "404"  # a conflict of interest keeps it from the lot
    assert at(site, url.format(2, *made[2]), "e1") == "404"
    for who in ("e3", "c1", "officer"):
        assert at(site, url.format(2, *made[0]), who) in ("403", "404")


def test_companies_read_their_own_scores_by_number_once_the_result_is_public(app: Flask, database: Database) -> None:
    site = built(app, database)
    with site.scene() as scene:
        score_all(scene)
    assert "90.50" in at(site, "/experts", "officer")
    assert at(site, "/scores", "c2") == "404"
    with site.scene() as scene:
        scene.does(opening.open_bids, at=WORK)
        scene.does(evaluation.evaluate, at=WORK)
        scene.does(announcing.announce, at=WORK)
        assert board(scene).panel.ended_at == WORK
    own = at(site, "/scores", "c2")
    assert "90.50" in own and "No. 1" in own
    assert not [one for one in (*(f"{key}人" for key in EXPERTS), "80.00") if one in own]
    assert at(site, "/scores", "c5") == "404"


def test_a_panel_is_drawn_up_and_confirmed_on_its_page(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        scene = populate(session)
        invite(scene)
        publish(scene)
    site = make_around(app, database, scene)
    pool = [str(site.built.actors[key].user_id) for key in EXPERTS]
    form = {"method": "drawn", "seats": "2", "experts": pool, "due_at": f"{clock.beijing(DUE):%Y-%m-%dT%H:%M:%S}"}
    with clock.travel(to=DEADLINE - timedelta(days=1)):
        assert site.post("/experts", "officer", **{**form, "seats": "9"}).status_code == 422
        assert site.post("/experts", "officer", **form).status_code == 303
        assert "Only another" not in site.get("/experts", "officer").text
        assert site.post("/experts/confirmation", "officer").status_code == 422
        assert site.post("/experts/confirmation", "reviewer").status_code == 303
        assert "Seed of the draw" in site.get("/experts", "supervisor", "en").text
