"""Editions are made by one person, issued by another, and do not change afterwards."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.editions.flow import EditionState, MatchAction, MatchState
from catalogue.editions.models import Edition, ListEntry, ListMatch
from catalogue.editions.queries import comparing, entries, matching
from catalogue.editions.queries import editions as queries
from catalogue.editions.rules.comparison import ChangeKind
from catalogue.editions.rules.drafted import DraftClass, DraftEntry, Origin
from catalogue.editions.rules.parts import Grade, Number, Part
from catalogue.editions.services import editions
from catalogue.editions.services import matching as services
from kernel.auth.actor import PUBLIC, SYSTEM, Actor
from kernel.errors import Conflict, DomainError, NotFound
from tests.catalogue.conftest import aspirin, company
from tests.importers.conftest import officer, person

AT = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
assert officer  # a fixture


def entry(number: int, name: str, *, repeat: bool = False, **more: object) -> DraftEntry:
    values: dict[str, object] = {"grade": Grade.B, "class_code": "XB01", "form": "口服常释剂型", **more}
    return DraftEntry(Part.WESTERN, Number(number, repeat), int(repeat), name=name, **values)  # type: ignore[arg-type]


def filled(session: Session, code: str, *rows: DraftEntry, actor: Actor = SYSTEM) -> Edition:
    """Begin an edition and fill it."""
    edition = editions.create(session, code=code, actor=actor, at=AT)
    classes = [DraftClass(Part.WESTERN, "XB", "血液"), DraftClass(Part.WESTERN, "XB01", "抗血栓形成药")]
    editions.fill(
        session, edition_id=edition.id, actor=actor, at=AT, reading=editions.Reading("a.xlsx", "0" * 64, {}),
        rows=editions.Filling(
            [(each, Origin(place, "西药", place)) for place, each in enumerate(classes)],
            [(each, Origin(10 + place, "西药", 10 + place)) for place, each in enumerate(rows)],
        ),
    )  # fmt: skip
    return edition


def reviewer(session: Session) -> Actor:
    from kernel.auth.guard import actor_of

    return actor_of(person(session))


def test_an_edition_gets_its_official_title_and_first_day(session: Session) -> None:
    edition = editions.create(session, code="2024", actor=SYSTEM, at=AT)
    assert (edition.valid_from, edition.state) == (date(2025, 1, 1), EditionState.DRAFT)
    assert edition.title == "国家基本医疗保险、工伤保险和生育保险药品目录（2024年）"


@pytest.mark.parametrize("code", ["", "x", "24", "2024 ", "2024年"])
def test_a_code_begins_with_its_year(code: str, session: Session) -> None:
    with pytest.raises(DomainError, match="bad-edition-code"):
        editions.create(session, code=code, actor=SYSTEM, at=AT)


def test_the_maker_can_not_issue_and_nobody_can_change_what_was_issued(session: Session, officer: Actor) -> None:
    edition = filled(session, "2024", entry(1, "阿司匹林"), actor=officer)
    with pytest.raises(DomainError, match="edition-second-person"):
        editions.issue(session, edition_id=edition.id, actor=officer, at=AT)
    with pytest.raises(DomainError, match="edition-second-person"):
        editions.issue(session, edition_id=edition.id, actor=SYSTEM, at=AT)
    editions.issue(session, edition_id=edition.id, actor=reviewer(session), at=AT)
    rows = editions.Filling([], [(entry(2, "氯吡格雷"), Origin(3, "", 3))])
    who, nothing = {"edition_id": edition.id, "actor": officer, "at": AT}, editions.Reading("", "", {})
    for act in (
        lambda: editions.fill(session, rows=rows, reading=nothing, **who),
        lambda: editions.clear(session, **who),
        lambda: editions.change(session, title="x", valid_from=AT.date(), **who),
        lambda: editions.issue(session, edition_id=edition.id, actor=reviewer(session), at=AT),
    ):  # fmt: skip
        with pytest.raises(Conflict, match="edition-fixed"):
            act()


def test_who_read_the_workbook_can_not_issue_it_either(session: Session, officer: Actor) -> None:
    other = reviewer(session)
    edition = filled(session, "2024", entry(1, "阿司匹林"), actor=officer)
    editions.fill(
        session, edition_id=edition.id, rows=editions.Filling([], []), reading=editions.Reading("b", "", {}),
        actor=other, at=AT,
    )  # fmt: skip
    session.flush()
    session.refresh(edition)
    with pytest.raises(DomainError, match="edition-second-person"):
        editions.issue(session, edition_id=edition.id, actor=other, at=AT)


def test_the_next_edition_supersedes_the_one_in_force(session: Session) -> None:
    old, new = filled(session, "2024", entry(1, "阿司匹林")), filled(session, "2025", entry(1, "阿司匹林"))
    issuer = reviewer(session)
    for edition in (old, new):
        editions.issue(session, edition_id=edition.id, actor=issuer, at=AT)
    assert (old.state, old.valid_until) == (EditionState.SUPERSEDED, date(2026, 1, 1))
    assert queries.in_force(session, date(2025, 12, 31)) is old
    assert queries.in_force(session, date(2026, 1, 1)) is new
    late = filled(session, "2023", entry(1, "阿司匹林"))
    with pytest.raises(Conflict, match="edition-not-later"):
        editions.issue(session, edition_id=late.id, actor=issuer, at=AT)


def test_an_empty_edition_is_not_issued(session: Session) -> None:
    edition = editions.create(session, code="2024", actor=SYSTEM, at=AT)
    with pytest.raises(DomainError, match="edition-empty"):
        editions.issue(session, edition_id=edition.id, actor=reviewer(session), at=AT)


def test_drafts_are_for_those_who_write_them(session: Session, officer: Actor) -> None:
    edition = filled(session, "2024", entry(1, "阿司匹林"))
    assert queries.one(session, edition.id, officer) is edition
    first = session.scalars(select(ListEntry)).one()
    for ask in (lambda: queries.one(session, edition.id, PUBLIC), lambda: entries.one(session, first.id, PUBLIC)):
        with pytest.raises(NotFound):
            ask()


def test_counts_are_those_of_the_rows(session: Session) -> None:
    rows = (
        entry(1, "阿司匹林", grade=Grade.A),
        entry(1, "阿司匹林", repeat=True, form="颗粒剂"),
        entry(2, "甲药", standard="*"),
    )
    counts = queries.counts(session, filled(session, "2024", *rows).id)
    assert counts["total"] == {
        "distinct": 2, "rows": 3, "repeats": 1, "with_payment_standard": 1, "rows_by_class": {"A": 1, "B": 2},
    }  # fmt: skip
    assert counts["parts"] == {"western": counts["total"]}


def test_the_tree_counts_what_lies_below_and_leaves_empty_classes_out(session: Session) -> None:
    edition = filled(session, "2024", entry(1, "阿司匹林"), entry(2, "氯吡格雷"))
    query = entries.listing(edition.id, part=Part.WESTERN)
    (top,) = entries.tree(session, edition.id, Part.WESTERN, query)
    assert (top.code, top.rows, [(child.code, child.rows) for child in top.children]) == ("XB", 2, [("XB01", 2)])
    assert entries.tree(session, edition.id, Part.WESTERN, entries.listing(edition.id, text="没有")) == []


@pytest.mark.parametrize(
    ("text", "found"), [("阿司", 1), ("xb01", 2), ("★(1)", 0), ("2", 1), ("%", 0), ("XB0_", 0), ("", 2)]
)
def test_the_browser_finds_by_name_class_and_number(text: str, found: int, session: Session) -> None:
    edition = filled(session, "2024", entry(1, "阿司匹林"), entry(2, "氯吡格雷"))
    assert len(session.scalars(entries.listing(edition.id, text=text)).all()) == found


def test_an_entry_is_followed_through_the_editions(session: Session, officer: Actor) -> None:
    old = filled(session, "2024", entry(1, "阿司匹林"), entry(2, "甲药"))
    new = filled(session, "2025", entry(5, "阿司匹林", grade=Grade.A), entry(6, "乙药"))
    now = session.scalars(select(ListEntry).where(ListEntry.number == 5)).one()
    assert [(each.edition.code, each.number) for each in entries.history(session, now, officer)] == [
        ("2025", 5), ("2024", 1),
    ]  # fmt: skip
    found = comparing.compared(session, old.id, new.id)
    assert [change.kinds for change in found.changes] == [
        (ChangeKind.GRADE,), (ChangeKind.ADDED,), (ChangeKind.REMOVED,),
    ]  # fmt: skip


def test_products_are_matched_and_what_is_not_certain_waits(session: Session, officer: Actor) -> None:
    _variety, (low,) = aspirin(session, "25mg*30片")
    for number, name in enumerate(("甲制药", "乙制药")):
        draft = ProductDraft("阿司匹林肠溶片", f"国药准字H2004567{number}", 30)
        create_product(
            session, company_id=company(session, name).id, specification_id=low.id, draft=draft, actor=officer, at=AT
        )
    edition = filled(session, "2024", entry(1, "阿司匹林"), entry(2, "阿司匹林钙", repeat=False), entry(3, "甲药"))
    assert services.match_products(session, edition_id=edition.id, actor=officer, at=AT) == (2, 0)
    unsure = filled(session, "2025", entry(2, "阿司匹林钙"))
    assert services.match_products(session, edition_id=unsure.id, actor=officer, at=AT) == (0, 2)
    (question,) = session.scalars(matching.questions(unsure.id)).all()
    assert question.certainty == Decimal("0.8") and matching.makers(session, [question]) == {
        question.id: ["乙制药", "甲制药"]
    }
    services.decide(session, match_id=question.id, action=MatchAction.REJECT, actor=officer, at=AT)
    session.flush()
    assert matching.by_state(session, unsure.id) == {MatchState.REJECTED: 1}
    assert services.match_products(session, edition_id=unsure.id, actor=officer, at=AT) == (0, 0)
    assert {each.state for each in session.scalars(select(ListMatch).where(ListMatch.edition_id == unsure.id))} == {
        MatchState.REJECTED
    }
    with pytest.raises(Conflict):
        services.decide(session, match_id=question.id, action=MatchAction.REJECT, actor=officer, at=AT)


def test_a_draft_is_emptied_with_its_matches(session: Session, officer: Actor) -> None:
    edition = filled(session, "2024", entry(1, "阿司匹林"))
    services.match_products(session, edition_id=edition.id, actor=officer, at=AT)
    editions.clear(session, edition_id=edition.id, actor=officer, at=AT)
    assert queries.counts(session, edition.id)["total"]["rows"] == 0
