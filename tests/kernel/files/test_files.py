"""Attachments: what is taken, and that a number alone opens nothing."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from kernel.auth.actor import SYSTEM
from kernel.errors import Invalid, NotFound
from kernel.files import queries, services
from tests.conftest import NOW

PDF = b"%PDF-1.7 a certificate"


def keep(session: Session, name: str = "证书.pdf", content: bytes = PDF, parent: int = 7) -> int:
    return services.keep(
        session, parent_kind="thing", parent_id=parent, name=name, content=content, actor=SYSTEM, at=NOW
    ).id


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("", b"", "file-missing"),
        ("a.pdf", b"", "file-empty"),
        ("a.exe", b"MZ", "file-kind-unknown"),
        ("a.pdf", b"MZ", "file-not-what-it-says"),
        ("a.pdf", PDF.ljust(20 * 1024 * 1024 + 1, b" "), "file-too-large"),
    ],
)
def test_what_is_no_document_is_refused_by_name(session: Session, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        keep(session, name, content)
    assert refused.value.fields["file"].code == code


def test_a_file_is_found_with_its_parent_only(session: Session) -> None:
    kept = keep(session)
    assert queries.one(session, kept, parent_kind="thing", parent_id=7).content == PDF
    for kind, parent in (("thing", 8), ("other", 7)):
        with pytest.raises(NotFound):
            queries.one(session, kept, parent_kind=kind, parent_id=parent)


def test_files_are_listed_by_parent_and_thrown_away_with_it(session: Session) -> None:
    first, second, other = keep(session), keep(session, "b.PDF"), keep(session, parent=8)
    found = queries.of_parents(session, "thing", [7, 8])
    assert [each.id for each in found["7"]] == [first, second] and [each.id for each in found["8"]] == [other]
    services.drop(session, parent_kind="thing", parent_id=7)
    assert queries.of_parent(session, "thing", 7) == []
