"""The board of a draft as the agency, companies and strangers see it, and its record as a workbook."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from kernel import clock
from procurement.rounds.draft.services import lists, sessions, turns
from procurement.rounds.draft.services.sessions import Setting
from procurement.rounds.draft.views import sight
from procurement.rounds.models.awards import Pick
from procurement.rounds.models.rounds import Round
from procurement.rounds.services import announcing
from tests.procurement.rounds.scene import OPENED, REGIONS
from tests.procurement.rounds.site import Site

HOME = "/draft/1"


@pytest.fixture
def live(site: Site) -> Site:
    """A draft of lot 1 that began a moment ago, in front of real browsers: its clock is the real one."""
    with site.scene() as scene:
        scene.announced("batch-9")
        now = clock.now()
        sessions.open_draft(
            scene.session, round_id=scene.round_id, setting=Setting(300, 2), lots=(1,),
            actor=scene.actors["officer"], at=now,
        )  # fmt: skip
        sessions.start(scene.session, round_id=scene.round_id, number=1, actor=scene.actors["officer"], at=now)
    return site


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_everybody_sees_the_board_and_only_whose_turn_it_is_can_choose(live: Site, language: str) -> None:
    seen = {who: live.get(HOME, who, language).get_data(as_text=True) for who in ("", "officer", "c5", "c1", "h1")}
    assert {who for who, text in seen.items() if 'name="region" id="r-320100"' in text} == {"c5"}
    assert {who for who, text in seen.items() if "/pause" in text} == {"officer"}
    assert all("地区320100" in text for text in seen.values())
    assert live.get("/draft/2").status_code == 404
    assert live.get("/draft/new", "officer", language).status_code == 200
    assert live.get("/draft/new", "c5").status_code == 403


def test_a_company_takes_a_region_and_the_others_are_told_by_the_next_look(live: Site) -> None:
    before = live.get(f"{HOME}/live?lot=1", "c1")
    tag = before.headers["ETag"]
    browser = live.browser("c1")
    with browser.session_transaction() as cookie:
        cookie["locale"] = "en"
    assert browser.get(live.url(f"{HOME}/live?lot=1"), headers={"If-None-Match": tag}).status_code == 304
    assert live.post(f"{HOME}/lots/1/choose", "c1", region="320100").status_code == 303  # refused: not its turn
    assert browser.get(live.url(f"{HOME}/live?lot=1"), headers={"If-None-Match": tag}).status_code == 304
    done = live.post(f"{HOME}/lots/1/choose", "c5", region="320100")
    assert done.status_code == 303 and done.headers["Location"].endswith(f"{HOME}?lot=1")
    after = browser.get(live.url(f"{HOME}/live?lot=1"), headers={"If-None-Match": tag})
    assert after.status_code == 200 and "1 turn so far" in after.get_data(as_text=True)


def test_who_has_no_part_in_a_draft_takes_nothing(live: Site) -> None:
    assert live.post(f"{HOME}/lots/1/choose", "c4", region="320100").status_code in (303, 404)
    assert live.post(f"{HOME}/lots/1/choose", "h1", region="320100").status_code == 403
    assert live.post(f"{HOME}/lots/1/choose", "officer", region="320100", note="电话").status_code == 403
    assert live.post(f"{HOME}/lots/9/choose", "c5", region="320100").status_code == 404
    assert live.post(f"{HOME}/pause", "c5", reason="x").status_code == 403
    with live.scene() as scene:
        assert scene.session.query(Pick).count() == 0


def test_a_draft_is_not_seen_before_the_winners_are(site: Site) -> None:
    with site.scene() as scene:
        scene.evaluated()
    for url in (HOME, f"{HOME}/live", f"{HOME}/record.xlsx"):
        assert site.get(url, "c1").status_code == 404


def test_the_agency_opens_pauses_and_ends_a_draft_by_its_forms(site: Site) -> None:
    with site.scene() as scene:
        scene.announced("batch-9")
    form = {"kind": "live", "lots": ["1", "2"], "seconds": "60", "at_once": "2", "start": "hand"}
    assert site.post("/draft/new", "officer", **{**form, "seconds": "1"}).status_code == 422
    assert site.post("/draft/new", "officer", **{**form, "lots": []}).status_code == 422
    assert site.post("/draft/new", "officer", **{**form, "start": "time"}).status_code == 422
    assert site.post("/draft/new", "officer", **form).headers["Location"].endswith(HOME)
    for act, word in (
        ("start", "under way"),
        ("pause", "stands still"),
        ("resume", "under way"),
        ("cancel", "given up"),
    ):
        assert site.post(f"{HOME}/{act}", "officer", reason="试验").status_code == 303
        assert word in site.get(HOME, "officer").get_data(as_text=True), act
    assert site.post("/draft/new", "officer", **{**form, "kind": "lists"}).headers["Location"].endswith("/regions")
    text = site.get("/regions?show=backup", "").get_data(as_text=True)
    assert "Who takes over" in text and "s-1" in text


def test_the_record_holds_every_turn_and_who_takes_over(site: Site) -> None:
    day = OPENED + timedelta(days=1)
    with site.scene() as scene:
        scene.announced("batch-9")
        scene.does(lists.prefer, "c1", at=day, lot_number=1, region_codes=list(REGIONS)[::-1])
        scene.does(sessions.open_draft, at=day, setting=Setting(60, 9, day + timedelta(seconds=1)))
        scene.does(turns.choose, "c5", at=day + timedelta(seconds=9), number=1, lot_number=1, region_code="320200")
        scene.act(turns.settle_due, at=day + timedelta(hours=2))
    answer = site.get(f"{HOME}/record.xlsx")
    book = load_workbook(io.BytesIO(answer.get_data()))
    rows = list(book["选区记录"].iter_rows(values_only=True))
    first = dict(zip(rows[0], rows[1], strict=True))
    assert (first["品种序号"], first["地区"], first["操作人"]) == (1, "地区320200", "c5人")
    assert first["选择前剩余地区数"] == 3
    plan = list(book["接替顺序"].iter_rows(values_only=True))
    with site.scene() as scene:
        scene.does(announcing.award, "reviewer", at=OPENED + timedelta(days=5))
        picks = scene.session.query(Pick).all()
    assert len(picks) == 12 and len(plan) > 6
    assert site.get(f"{HOME}/record.csv").status_code == 200
    assert site.get(f"{HOME}/record.doc").status_code == 404


def test_a_company_finds_its_draft_on_its_first_page(live: Site) -> None:
    browser = live.browser("c5")
    with live.database.transaction(write=False) as session:
        title = session.get_one(Round, live.built.round_id).title
    text = browser.get("/").get_data(as_text=True)
    assert title in text and HOME in text
    assert HOME not in live.browser("h1").get("/").get_data(as_text=True)


def test_provinces_stand_as_on_a_map_and_other_regions_in_a_row() -> None:
    provinces = [f"{code}0000" for code in sorted(sight.PROVINCES)]
    assert len(provinces) == 31 and sight.is_map(provinces)
    assert not sight.is_map(REGIONS) and not sight.is_map([*provinces[:20], "990000"])
    shown = sight.tiles({"650000": "新疆维吾尔自治区"}, {}, main={}, backup={}, volumes={})
    assert (shown[0].place, shown[0].short) == ("", "新疆维吾尔自治区")
    whole = sight.tiles(dict.fromkeys(provinces, "内蒙古自治区"), {}, main={}, backup={}, volumes={})
    assert (whole[-1].place, whole[-1].short) == ("t-65", "内蒙古")


def test_letters_go_on_after_z() -> None:
    found = sight.seats(range(1, 29), {}, 31, 1)
    assert [found[number].letter for number in (1, 26, 27)] == ["A", "Z", "A1"]
