"""What stands on a day, and what is asked for."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from procurement.dossiers import rules
from procurement.dossiers.flow import DocumentKind, DocumentState, Why
from procurement.dossiers.rules import Asked, Document, Requirement

DAY = date(2026, 11, 12)
GMP, LICENCE, REGISTRATION = DocumentKind.GMP, DocumentKind.PRODUCTION_LICENCE, DocumentKind.REGISTRATION


def why(asked: Requirement, *documents: Document) -> Why:
    (found,) = rules.examine([asked], documents)
    return found.why


def test_a_document_still_counts_on_its_last_day_and_not_a_day_later() -> None:
    last = Document(1, LICENCE, until=DAY)
    assert why(Requirement(LICENCE, DAY), last) is Why.COVERED
    assert why(Requirement(LICENCE, DAY + timedelta(1)), last) is Why.ENDS_BEFORE


def test_a_document_that_begins_later_does_not_count_yet() -> None:
    assert why(Requirement(LICENCE, DAY), Document(1, LICENCE, since=DAY + timedelta(1))) is Why.BEGINS_AFTER
    assert why(Requirement(LICENCE, DAY), Document(1, LICENCE, since=DAY)) is Why.COVERED


def test_a_document_that_was_sent_back_does_not_count() -> None:
    back = Document(1, LICENCE, DocumentState.SENT_BACK)
    assert why(Requirement(LICENCE, DAY), back) is Why.BACK
    assert why(Requirement(LICENCE, DAY), back, Document(2, LICENCE)) is Why.COVERED
    assert why(Requirement(LICENCE, DAY)) is Why.MISSING


def test_a_products_document_is_not_another_products() -> None:
    asked = Requirement(REGISTRATION, DAY, "H1")
    assert why(asked, Document(1, REGISTRATION, subject="H2")) is Why.MISSING
    assert why(asked, Document(1, REGISTRATION, subject="H1")) is Why.COVERED


def test_what_covers_the_whole_company_covers_its_products_where_the_kind_allows_it() -> None:
    assert why(Requirement(GMP, DAY, "H1"), Document(1, GMP)) is Why.COVERED
    assert why(Requirement(GMP, DAY, "H1"), Document(1, GMP, subject="H2")) is Why.MISSING
    assert why(Requirement(GMP, DAY), Document(1, GMP, subject="H2")) is Why.MISSING


def test_the_document_that_ended_last_is_named() -> None:
    asked = Requirement(LICENCE, DAY)
    documents = [Document(n, LICENCE, until=DAY - timedelta(n)) for n in (3, 1, 2)]
    (found,) = rules.examine([asked], documents)
    assert found.document == documents[1]
    assert found.plain()["why"] == "ends-before"


def test_every_product_is_asked_for_once() -> None:
    own, products = rules.requirements(Asked((LICENCE,), (REGISTRATION, GMP)), DAY, ["H2", "H1", "H2"])
    assert own == [Requirement(LICENCE, DAY)]
    assert [(one.subject, one.kind) for one in products] == [
        ("H2", REGISTRATION), ("H2", GMP), ("H1", REGISTRATION), ("H1", GMP)
    ]  # fmt: skip


@given(st.integers(0, 400), st.lists(st.integers(1, 365), min_size=1, max_size=5))
def test_a_reminder_is_the_nearest_step_and_never_comes_too_early(left: int, steps: list[int]) -> None:
    found = rules.step(DAY + timedelta(left), DAY, steps)
    assert (found is None) == (left > max(steps))
    if found is not None:
        assert left <= found
        assert not any(left <= each < found for each in steps)
