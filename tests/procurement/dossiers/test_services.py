"""Documents are kept once, in versions; looked at by two persons; nobody else's are seen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.clock import today
from kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from kernel.files import queries as files
from kernel.notices.models import Notice
from procurement.dossiers import queries, rules, services
from procurement.dossiers.flow import DOCUMENT_FLOW, BackReason, DocumentAction, DocumentKind, DocumentState, Why
from procurement.dossiers.models import CompanyDocument
from procurement.dossiers.services import DocumentDraft, Upload
from tests.procurement.rounds.scene import START, Scene

PDF = Upload("证书.pdf", b"%PDF-1.7 licence")
LICENCE, REGISTRATION = DocumentKind.PRODUCTION_LICENCE, DocumentKind.REGISTRATION
DAY = today(START)


def filed(scene: Scene, who: str = "c1", uploads: tuple[Upload, ...] = (PDF,), **values: Any) -> CompanyDocument:
    draft = DocumentDraft(**{"kind": LICENCE, "number": "江20260001", "until": DAY + timedelta(400)} | values)
    made: CompanyDocument = scene.act(services.file, who, draft=draft, uploads=uploads)
    return made


def renewed(scene: Scene, old: CompanyDocument, **values: Any) -> CompanyDocument:
    draft = DocumentDraft(**{"kind": old.kind, "number": "江20260002", "product_id": old.product_id} | values)
    made: CompanyDocument = scene.act(services.renew, "c1", document_id=old.id, draft=draft, uploads=[PDF])
    return made


def why(scene: Scene, day: date) -> Why:
    company = scene.company(1)
    documents = queries.standing(scene.session, [company])[company]
    (found,) = rules.examine([rules.Requirement(LICENCE, day)], documents)
    return found.why


def test_a_document_is_kept_with_its_files(scene: Scene, session: Session) -> None:
    made = filed(scene, uploads=(PDF, Upload("附页.png", b"\x89PNG\r\n\x1a\n...")))
    assert (made.state, made.series) == (DocumentState.FILED, made.id)
    assert [one.name for one in files.of_parent(session, "company_document", made.id)] == ["证书.pdf", "附页.png"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("number", {"number": " "}),
        ("until", {"since": DAY, "until": DAY - timedelta(1)}),
        ("product_id", {"kind": REGISTRATION}),
        ("file", {"uploads": ()}),
        ("file", {"uploads": (Upload("证书.pdf", b"MZ not a document"),)}),
        ("file", {"uploads": (PDF,) * 11}),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(scene: Scene, field: str, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal:
        filed(scene, **values)
    assert list(refusal.value.fields) == [field]


def test_anothers_product_is_refused(scene: Scene) -> None:
    foreign = queries.own_products(scene.session, scene.company(2))[0]
    with pytest.raises(Invalid):
        filed(scene, kind=REGISTRATION, product_id=foreign.id)
    with pytest.raises(Invalid):
        filed(scene, kind=LICENCE, product_id=queries.own_products(scene.session, scene.company(1))[0].id)


def test_the_older_version_counts_until_the_newer_one_begins(scene: Scene, session: Session) -> None:
    old = filed(scene, until=DAY + timedelta(30))
    new = renewed(scene, old, since=DAY + timedelta(20), until=DAY + timedelta(900))
    session.flush()
    assert (old.state, new.series, new.replaces_id) == (DocumentState.SUPERSEDED, old.id, old.id)
    assert [one.id for one in queries.versions(session, new)] == [new.id, old.id]
    assert [one.id for one in queries.current(session, scene.company(1))] == [new.id]
    assert {why(scene, DAY + timedelta(days)) for days in (0, 19, 20, 900)} == {Why.COVERED}
    assert why(scene, DAY + timedelta(901)) is Why.ENDS_BEFORE


def test_a_gap_between_two_versions_is_found(scene: Scene, session: Session) -> None:
    old = filed(scene, until=DAY + timedelta(10))
    renewed(scene, old, since=DAY + timedelta(20), until=DAY + timedelta(900))
    session.flush()
    assert [why(scene, DAY + timedelta(days)) for days in (10, 11, 20)] == [
        Why.COVERED, Why.ENDS_BEFORE, Why.COVERED
    ]  # fmt: skip


def test_a_renewal_that_is_taken_back_lets_the_older_version_stand_again(scene: Scene, session: Session) -> None:
    old = filed(scene)
    new = renewed(scene, old, since=DAY)
    scene.act(services.take_back, "c1", document_id=new.id)
    session.flush()
    assert (old.state, new.state) == (DocumentState.FILED, DocumentState.TAKEN_BACK)
    assert why(scene, DAY) is Why.COVERED


def test_no_detour_brings_a_document_back_that_was_sent_back(scene: Scene, session: Session) -> None:
    old = filed(scene)
    scene.act(services.send_back, document_id=old.id, reason=BackReason.ILLEGIBLE)
    assert why(scene, DAY) is Why.BACK
    new = renewed(scene, old, since=DAY + timedelta(5))
    session.flush()
    assert why(scene, DAY) is Why.BEGINS_AFTER
    scene.act(services.take_back, "c1", document_id=new.id)
    session.flush()
    assert old.state is DocumentState.SENT_BACK
    assert why(scene, DAY) is Why.BACK


def test_a_document_is_renewed_once(scene: Scene) -> None:
    old = filed(scene)
    renewed(scene, old)
    with pytest.raises(Conflict):
        renewed(scene, old)


def test_a_newer_version_is_of_the_same_kind(scene: Scene) -> None:
    with pytest.raises(Conflict, match="document-of-another-kind"):
        renewed(scene, filed(scene), kind=DocumentKind.GMP)


def test_a_second_look_is_somebody_elses(scene: Scene, session: Session) -> None:
    made = filed(scene)
    scene.act(services.check, document_id=made.id, text="与登记信息一致")
    with pytest.raises(DomainError, match="same-person"):
        scene.act(services.send_back, document_id=made.id, reason=BackReason.NO_SEAL)
    scene.act(services.send_back, "reviewer", document_id=made.id, reason=BackReason.NO_SEAL)
    said = queries.looks(session, [made])[made.id]
    assert [look.verdict for look in said] == [DocumentState.CHECKED, DocumentState.SENT_BACK]
    told = session.scalars(select(Notice).where(Notice.code == "document-sent-back")).all()
    assert [notice.user_id for notice in told] == [scene.actors["c1"].user_id]


def test_sending_back_needs_a_reason_in_words_where_no_code_fits(scene: Scene) -> None:
    made = filed(scene)
    with pytest.raises(Invalid):
        scene.act(services.send_back, document_id=made.id, reason=BackReason.ELSE, text=" ")


def test_who_looks_at_an_older_page_is_told(scene: Scene, session: Session) -> None:
    made = filed(scene)
    seen = made.version
    scene.act(services.check, document_id=made.id)
    session.flush()
    with pytest.raises(Conflict, match="changed-meanwhile"):
        scene.act(services.check, "reviewer", document_id=made.id, version=seen)


def test_nobody_reads_or_changes_anothers_documents(scene: Scene) -> None:
    made = filed(scene)
    for who in ("c2", "h1"):
        with pytest.raises(NotFound):
            queries.one(scene.session, made.id, scene.actors[who])
    assert queries.one(scene.session, made.id, scene.actors["supervisor"]) is made
    with pytest.raises(NotFound):
        scene.act(services.renew, "c2", document_id=made.id, draft=DocumentDraft(LICENCE, "1"), uploads=[PDF])
    with pytest.raises(NotFound):
        scene.act(services.take_back, "c2", document_id=made.id)
    for who in ("c1", "supervisor", "h1"):
        with pytest.raises(Forbidden):
            scene.act(services.check, who, document_id=made.id)
    with pytest.raises(Forbidden):
        filed(scene, who="officer")


def test_states_allow_what_the_table_says_and_nothing_else(scene: Scene) -> None:
    made = filed(scene)
    scene.act(services.take_back, "c1", document_id=made.id)
    assert DOCUMENT_FLOW.actions(made.state) == ()
    for verb, who, more in (
        (services.check, "officer", {}), (services.take_back, "c1", {}),
        (services.send_back, "officer", {"reason": BackReason.NO_SEAL}),
    ):  # fmt: skip
        with pytest.raises(Conflict, match="wrong-state"):
            scene.act(verb, who, document_id=made.id, **more)
    assert not DOCUMENT_FLOW.allows(DocumentState.CHECKED, DocumentAction.TAKE_BACK)


def test_a_company_is_told_once_at_each_step(scene: Scene, session: Session) -> None:
    made = filed(scene, until=DAY + timedelta(100))
    filed(scene, number="长期", until=None, kind=DocumentKind.BUSINESS_LICENCE)
    counts = [services.remind(session, at=START + timedelta(days)) for days in (0, 9, 10, 11, 69, 70, 71, 93, 99, 101)]
    assert counts == [0, 0, 1, 0, 0, 1, 0, 1, 0, 0]
    told = session.scalars(select(Notice).where(Notice.code == "document-ending")).all()
    assert {notice.url for notice in told} == {f"/procurement/documents/{made.id}"}


def test_a_step_that_was_missed_is_not_told_after_a_nearer_one(scene: Scene, session: Session) -> None:
    filed(scene, until=DAY + timedelta(5))
    assert [services.remind(session, at=START + timedelta(days)) for days in (0, 1, 5, 6)] == [1, 0, 0, 0]


def test_a_renewed_document_is_not_told_of(scene: Scene, session: Session) -> None:
    renewed(scene, filed(scene, until=DAY + timedelta(5)), until=DAY + timedelta(1000))
    assert services.remind(session, at=START) == 0
