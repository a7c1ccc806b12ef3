"""Pages of rounds: every one answers, in both languages, at every stage."""

from __future__ import annotations

import pytest

from procurement.rounds.models.rounds import Round
from tests.procurement.rounds.scene import OPENED, Scene
from tests.procurement.rounds.site import Site

TIED = {1: ("0.5000", "0.8000", "0.9000", "0.9000", "1.9000"), 2: ("1.0000", "1.1000", "1.9000", "1.9500", "1.0500")}
PAGES = ("", "/rules", "/notice", "/lots/1", "/lots/2")
AGENCY = {
    "draft": ("", "/set-up/rules", "/set-up/caps", "/set-up/calendar", "/notice", "/rules"),
    "publish": (*PAGES, "/extension"),
    "evaluated": (*PAGES, "/regions", "/lots/1/draw", "/facts"),
    "announced": (*PAGES, "/regions", "/facts"),
    "awarded": (*PAGES, "/regions"),
}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("stage", AGENCY)
def test_every_page_of_the_agency_answers(site: Site, stage: str, language: str) -> None:
    with site.scene() as scene:
        getattr(scene, stage)(**({"prices": TIED} if stage == "evaluated" else {}))
    for url in (*AGENCY[stage], "//procurement/rounds"):
        if url == "//procurement/rounds":
            answer = site.browser("officer").get("/procurement/rounds")
        else:
            answer = site.get(url, "officer", language)
        assert answer.status_code == 200, (stage, url, answer.get_data(as_text=True)[-2000:])
    answer = site.browser("officer").get("/procurement/rounds/new")
    assert answer.status_code == 200


def test_everybody_reads_an_announced_round_without_an_account(site: Site) -> None:
    with site.scene() as scene:
        scene.announced()
    for url in (*PAGES, "/regions", "/decisions.xlsx", "/decisions.csv", "/table.csv", "/result.json", "/rules.toml"):
        answer = site.get(url)
        assert answer.status_code == 200, (url, answer.get_data(as_text=True)[-2000:])


def test_a_winner_reads_its_own_results_and_gives_its_order(site: Site) -> None:
    with site.scene() as scene:
        scene.announced()
    assert "0.7200" in site.get("/mine", "c1").get_data(as_text=True)
    assert site.get("/lots/1/preference", "c1").status_code == 200
    codes = ("320300", "320100", "320200")
    form = {f"order-{code}": place for place, code in enumerate(codes, 1)}
    assert site.post("/lots/1/preference", "c1", **form).status_code == 303
    assert site.post("/lots/1/preference", "c1", **{**form, "order-320300": "2"}).status_code == 422
    assert site.get("/lots/1/preference", "c4").status_code == 404  # rank 4 of lot 1 chooses; c4 lost lot 2


def _round(scene: Scene) -> Round:
    assert scene.round_ is not None
    return scene.round_


def test_opening_time_is_shown(site: Site) -> None:
    with site.scene() as scene:
        scene.evaluated()
        assert _round(scene).opened_at == OPENED
