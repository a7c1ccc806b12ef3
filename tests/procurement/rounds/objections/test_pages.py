"""Pages of the publicity: in both languages, each to its readers; a double click files one objection."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from kernel import clock
from procurement.agreements import services as agreements
from procurement.agreements.letters import services as issuing
from procurement.rounds.letters.models import Letter
from procurement.rounds.objections.flow import Finding, Ground
from procurement.rounds.objections.models import Objection
from procurement.rounds.objections.services import answering, filing
from procurement.rounds.services import announcing, evaluation
from procurement.rounds.voids import services as voids
from procurement.rounds.voids.flow import VoidReason
from tests.procurement.rounds.scene import OPENED, Scene
from tests.procurement.rounds.site import Site

DAY = OPENED + timedelta(days=1)
LATE = OPENED + timedelta(days=5)


def filed(scene: Scene, finding: Finding | None = None) -> int:
    """File an objection of c4 about c1, replied to where there is a finding."""
    claim = filing.Claim(1, scene.company(1), Ground.ELIGIBILITY, "机密以外的事实", "只给机构看")
    made: Objection = scene.does(filing.file, "c4", DAY, claim=claim, evidence=[])
    if finding:
        scene.act(answering.claim, at=DAY, objection_id=made.id)
        scene.act(answering.reply, at=DAY, objection_id=made.id, finding=finding, text="答复正文", given=[])
        scene.act(answering.confirm, "reviewer", DAY, objection_id=made.id)
    return made.id


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_page_of_the_publicity_answers(site: Site, language: str) -> None:
    with site.scene() as scene:
        scene.announced()
        first, _second = filed(scene, Finding.PARTLY), filed(scene)
        scene.does(voids.ask, "officer", DAY, lot_number=2, reason=VoidReason.ERROR, text="文件有误")
    own = f"//procurement/objections/{first}"
    for url in ("", "/notice", "/objections", "/announcements", "/announcements/1", "/voids", "/run-again", own,
                "//procurement/objections?state=open", "//"):  # fmt: skip
        answer = site.get(url, "officer", language)
        assert answer.status_code == 200, (url, answer.get_data(as_text=True)[-2000:])
    with clock.travel(to=DAY):
        assert 'name="files"' in site.get("/objections/new", "c4", language).get_data(as_text=True)
    assert site.get("/announcements/1/list.xlsx").status_code == 200  # everybody's, without an account
    for url in ("/announcements/1", "/objections"):
        page = site.get(url, "", language)
        assert page.status_code == 200 and "机密以外的事实" not in page.get_data(as_text=True)


def test_who_reads_what_on_the_page_of_an_objection(site: Site) -> None:
    with site.scene() as scene:
        scene.announced()
        made = filed(scene, Finding.REJECTED)
    url = f"//procurement/objections/{made}"
    pages = {who: site.get(url, who) for who in ("officer", "supervisor", "c4", "c1", "c2", "h1")}
    seen = {who: [part in page.get_data(as_text=True) for part in ("机密以外的事实", "只给机构看", "答复正文")]
            for who, page in pages.items() if page.status_code == 200}  # fmt: skip
    assert seen == {"officer": [True] * 3, "supervisor": [True] * 3, "c4": [True] * 3, "c1": [True, False, False]}
    assert {pages[who].status_code for who in ("c2", "h1")} == {404}
    assert "嘉树药业" not in pages["c1"].get_data(as_text=True) and "瑞和药业" not in pages["c1"].get_data(as_text=True)
    assert site.browser().get(url[1:]).status_code == 302  # nobody without an account


def test_a_double_click_files_one_objection_and_says_its_number(site: Site) -> None:
    with site.scene() as scene:
        scene.announced()
        company = str(scene.company(1))

    def post() -> int:
        form = {"_key": "k1", "lot": "1", "company": company, "ground": "price-error", "text": "价格有误",
                "files": (io.BytesIO(b"%PDF-1 a"), "a.pdf")}  # fmt: skip
        return site.browser("c4").post(site.url("/objections/new"), data=form).status_code

    with clock.travel(to=DAY):
        assert (post(), post()) == (303, 303)
        bad = site.post("/objections/new", "c4", ground="price-error", text="")
    assert bad.status_code == 422 and "This is needed" in bad.get_data(as_text=True)
    with site.scene() as scene:
        assert scene.session.scalar(select(func.count(Objection.id))) == 1
    with clock.travel(to=LATE):
        late = site.post("/objections/new", "c4", ground="price-error", text="迟了")
    assert late.status_code == 409 and "only until its publicity ends" in late.get_data(as_text=True)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_letters_are_printed_and_opened_by_their_addressee(site: Site, language: str) -> None:
    with site.scene() as scene:
        scene.awarded()
        scene.does(agreements.create_agreements, at=LATE)
        scene.does(issuing.issue, at=LATE)
        by_company = select(Letter.id).where(Letter.organisation_id == scene.company(1)).order_by(Letter.id)
        mine = scene.session.scalars(by_company).first()
    printed = site.get("//procurement/letters/print", "officer", language)
    text = printed.get_data(as_text=True)
    assert printed.status_code == 200 and text.count('class="letter-seal"') > 5
    assert "人民币伍角" in text and "江州省药品采购中心" in text
    for url in ("/letters", "//procurement/letters"):
        assert site.get(url, "officer", language).status_code == 200
    cover = site.get(f"//procurement/letters/{mine}", "c1", language).get_data(as_text=True)
    assert 'class="letter-seal"' not in cover
    assert site.get(f"//procurement/letters/{mine}", "c2").status_code == 404
    assert site.browser("c1").post(f"/procurement/letters/{mine}/open").status_code == 303
    assert 'class="letter-seal"' in site.get(f"//procurement/letters/{mine}", "c1").get_data(as_text=True)
    assert site.browser("h1").get("/procurement/letters").status_code == 200


def test_the_final_and_the_correcting_notices_are_readable(site: Site) -> None:
    with site.scene() as scene:
        scene.announced()
        made = scene.does(voids.ask, "officer", DAY, lot_number=2, reason=VoidReason.ERROR, text="文件有误")
        scene.does(voids.confirm, "reviewer", DAY, request_id=made.id)
        scene.does(evaluation.evaluate, at=DAY)
        scene.does(announcing.announce, at=DAY)
    for number in (1, 2, 3):
        assert site.get(f"/announcements/{number}").status_code == 200
    correction = site.get("/announcements/3").get_data(as_text=True)
    assert "What changed" in correction and "文件有误" in correction
    assert site.get("/announcements/9").status_code == 404
    again = site.get("/run-again", "officer").get_data(as_text=True)
    assert "试验药2" in again and "试验药1" not in again
