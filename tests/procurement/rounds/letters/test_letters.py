"""Letters say what the award says, are issued once, and are received by being opened."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from kernel.errors import Conflict, NotFound
from kernel.notices.models import Notice
from procurement.agreements import services as agreements
from procurement.agreements.letters import services as issuing
from procurement.agreements.models import Agreement
from procurement.rounds.letters import queries, services
from procurement.rounds.letters.flow import LetterKind
from procurement.rounds.letters.models import Letter
from procurement.rounds.queries import results, supply
from tests.procurement.rounds.scene import OPENED, Scene

LATE = OPENED + timedelta(days=5)


def issued(scene: Scene) -> list[Letter]:
    """Issue every letter of an awarded round with its agreements."""
    scene.awarded()
    scene.does(agreements.create_agreements, at=LATE)
    scene.does(issuing.issue, at=LATE)
    return list(scene.session.scalars(select(Letter).order_by(Letter.id)))


def test_letters_say_the_figures_of_the_award_and_of_the_agreements(scene: Scene) -> None:
    letters = issued(scene)
    assert scene.round_ is not None
    awards = {
        (each.company_id, each.lot.number, each.specification.text): (
            each.price, {volume.region.name: volume.agreed for volume in each.volumes})
        for each in supply.award_rows(scene.session, scene.round_)
    }  # fmt: skip
    said = {
        (letter.organisation_id, lot["number"], row["specification"]): (
            Decimal(row["price"]), {part["region"]: Decimal(part["agreed"]) for part in row["volumes"]})
        for letter in letters if letter.kind is LetterKind.AWARD
        for lot in letter.content["lots"] for row in lot["rows"]
    }  # fmt: skip
    assert said == awards and said
    agreed = scene.session.execute(select(Agreement.hospital_id, Agreement.price, Agreement.agreed)).all()
    volumes = [
        (letter.organisation_id, Decimal(row["price"]), Decimal(row["agreed"]))
        for letter in letters if letter.kind is LetterKind.VOLUME for row in letter.content["lots"]
    ]  # fmt: skip
    assert sorted(volumes) == sorted((row[0], row[1], row[2]) for row in agreed)


def test_who_won_nothing_in_a_lot_reads_why(scene: Scene) -> None:
    letters = issued(scene)
    evaluation = results.latest(scene.session, scene.round_) if scene.round_ else None
    assert evaluation is not None
    lost = {(one.company_id, one.lot.number) for one in results.decisions(scene.session, evaluation)
            if one.outcome not in results.WINNERS}  # fmt: skip
    told = {(letter.organisation_id, row["number"]) for letter in letters
            if letter.kind is LetterKind.NOT_SELECTED for row in letter.content["lots"]}  # fmt: skip
    assert told == lost and lost
    decisions = queries.decisions(scene.session, letters)
    assert all(row["decision"] in decisions for letter in letters if letter.kind is LetterKind.NOT_SELECTED
               for row in letter.content["lots"])  # fmt: skip


def test_no_letter_is_issued_before_the_award(scene: Scene) -> None:
    scene.announced()
    with pytest.raises(Conflict) as early:
        scene.does(issuing.issue, at=LATE)
    assert early.value.code == "letters-after-award"


def test_hospitals_get_theirs_when_the_agreements_are_there_and_nobody_gets_two(scene: Scene) -> None:
    scene.awarded()
    first = scene.does(issuing.issue, at=LATE)
    with pytest.raises(Conflict) as twice:
        scene.does(issuing.issue, at=LATE)
    assert twice.value.code == "letters-issued-already"
    scene.does(agreements.create_agreements, at=LATE)
    assert scene.does(issuing.issue, at=LATE) == 3  # one a hospital
    found = scene.session.scalars(select(Letter).order_by(Letter.id)).all()
    assert len(found) == first + 3
    for kind in LetterKind:
        serials = [each.serial for each in found if each.kind is kind]
        assert serials == list(range(1, len(serials) + 1))
    told = set(scene.session.scalars(select(Notice.user_id).where(Notice.code == "letter-volume")))
    assert told == {scene.actors[f"h{index}"].user_id for index in (1, 2, 3)}


def test_the_first_opening_is_the_receipt_and_it_stays(scene: Scene) -> None:
    letter = next(each for each in issued(scene) if each.organisation_id == scene.company(1))
    for who in ("c2", "h1"):
        with pytest.raises(NotFound):
            queries.one(scene.session, letter.id, scene.actors[who])
    with pytest.raises(NotFound):  # whoever oversees may look, but not receive
        scene.act(services.read, "officer", LATE, letter_id=letter.id)
    assert queries.unread(scene.session, scene.actors["c1"]) >= 1
    assert letter not in queries.printable(scene.session, scene.actors["c1"])
    scene.act(services.read, "c1", LATE, letter_id=letter.id)
    scene.act(services.read, "c1", LATE + timedelta(hours=1), letter_id=letter.id)
    assert (letter.read_at, letter.read_by_id) == (LATE, scene.actors["c1"].user_id)
    assert letter in queries.printable(scene.session, scene.actors["c1"])
    assert letter in queries.printable(scene.session, scene.actors["officer"])


def test_issuing_asks_no_more_of_the_database_for_more_letters(scene: Scene) -> None:
    scene.awarded()
    scene.does(agreements.create_agreements, at=LATE)
    asked: list[str] = []
    connection = scene.session.connection()

    def listen(*statement: object) -> None:
        asked.append(str(statement[2]))

    event.listen(connection, "before_cursor_execute", listen)
    count = scene.does(issuing.issue, at=LATE)
    event.remove(connection, "before_cursor_execute", listen)
    assert count > 5 and len(asked) < 45, "\n".join(asked)
