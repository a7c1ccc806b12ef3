"""Joint bids on their pages, and who learns of one before the opening."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import select

from kernel import clock
from kernel.audit.models import AuditEntry
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.notices.models import Notice
from kernel.parties.codes import OrganisationKind
from procurement.bids import services as bids
from procurement.bids.joints import queries, services

from .conftest import organisation, person
from .joints import FILE, NOW, act, propose, with_joints
from .pages import signed_in


def test_strangers_are_not_told_who_bids_jointly(app: Flask, database: Database) -> None:
    """Before the opening the pages, the notices and the audit trail hold the composition for its members alone."""
    with database.transaction() as session:
        world = with_joints(session)
        bureau = organisation(session, "bureau", OrganisationKind.BUREAU, "医疗保障局", "111100000000000118")
        world.actors["supervisor"] = person(session, bureau, "supervisor", Role.SUPERVISOR)
        with clock.travel(to=NOW):
            joint = propose(session, world)
            act(session, services.confirm, joint, world.actors["b"])
            bids.submit(session, box_id=world.box_id, lines=world.lines("0.5"), actor=world.actors["a"])
        joint_id, lot = joint.id, world.lots[0]
    urls = [
        f"/procurement/joints/{joint_id}", f"/procurement/joints/{joint_id}/files/1",
        f"/procurement/bids/{world.box_id}/lots/{lot}", f"/procurement/bids/{world.box_id}",
        f"/history/joint_bid/{joint_id}", "/", "/notices",
    ]  # fmt: skip
    with clock.travel(to=NOW):
        for who in ("c", "agency", "supervisor"):
            client = signed_in(app, database, world.actors[who].user_id)
            answers = [client.get(url) for url in urls]
            assert [answer.status_code for answer in answers[:2]] == [404, 404]
            shown = "".join(answer.get_data(as_text=True) for answer in answers)
            assert "清河" not in shown
            posts = [client.post(f"{urls[0]}/{verb}") for verb in ("confirm", "decline", "dissolve")]
            assert {answer.status_code for answer in posts} <= {403, 404}
        member = signed_in(app, database, world.actors["b"].user_id)
        assert member.get(urls[0]).status_code == member.get(urls[1]).status_code == 200
    with database.transaction(write=False) as session:
        events = list(session.scalars(select(AuditEntry)))
        told = [entry for entry in events if entry.tag.value.startswith("joint.")]
        assert [entry.facts for entry in told] == [{}, {}]
        assert not any("清河" in str(entry.facts) for entry in events)
        users = {world.actors[key].user_id for key in ("a", "b", "b2")}
        assert set(session.scalars(select(Notice.user_id).where(Notice.code.startswith("joint-")))) <= users
        assert queries.standing(session, world.box_id) == {}
        assert queries.leads(session, world.box_id) == {}


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_joint_is_formed_on_its_pages(app: Flask, database: Database, language: str) -> None:
    with database.transaction() as session:
        world = with_joints(session)
    lot = world.lots[0]
    url = f"/procurement/bids/{world.box_id}/lots/{lot}/joint"
    lead, member = (signed_in(app, database, world.actors[who].user_id) for who in "ab")
    for client in (lead, member):
        with client.session_transaction() as cookie:
            cookie["locale"] = language
    with clock.travel(to=NOW):
        assert lead.get(url).status_code == 200
        assert lead.post(url, data={"member-" + "9" * 5000: "1"}).status_code == 422
        wrong = lead.post(url, data={"share-own": "60", "member-2": str(world.companies["b"]), "share-2": "30"})
        assert wrong.status_code == 422
        form = {
            "share-own": "60", "member-2": str(world.companies["b"]), "share-2": "40",
            "agreement": (io.BytesIO(FILE.content), FILE.name),
        }  # fmt: skip
        answer = lead.post(url, data=form, content_type="multipart/form-data")
        assert answer.status_code == 303
        place = answer.headers["Location"]
        assert ("待答复" if language == "zh_CN" else "Joint bids to answer") in member.get("/").get_data(as_text=True)
        assert member.post(f"{place}/confirm").status_code == 303
        pages = [place, url, f"/procurement/bids/{world.box_id}", f"/procurement/bids/{world.box_id}/lots/{lot}"]
        assert {client.get(page).status_code for client in (lead, member) for page in pages} == {200}
        assert lead.post(f"{place}/dissolve").status_code == 303
        assert member.get(place).status_code == 200
