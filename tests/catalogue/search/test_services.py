"""Keeping the search up with records that are written elsewhere, one by one and in bulk."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from catalogue.drugs.services.companies import OrganisationDraft, change_company
from catalogue.drugs.services.products import ProductDraft, create_product
from catalogue.register.models import CodedDrug
from catalogue.search.cli import reindex
from catalogue.search.models import SearchEntry
from catalogue.search.postings import services as postings
from catalogue.search.queries import search
from catalogue.search.rules.tokens import Filters
from catalogue.search.services import Entry, index_many, set_flags
from catalogue.search.sources.services import catch_up, rebuild
from kernel.auth.actor import SYSTEM
from kernel.db import Database, insert_rows, make_engine
from kernel.migrations.cli import upgrade
from tests.catalogue.conftest import NOW, aspirin, company


@pytest.fixture
def shelf(session: Session) -> Session:
    """One product of one maker."""
    _variety, (low, _high) = aspirin(session, "25mg", "100mg")
    maker = company(session, "江州恒达药业有限公司")
    draft = ProductDraft("阿司匹林肠溶片", "国药准字H20045678", 24)
    create_product(session, company_id=maker.id, specification_id=low.id, draft=draft, actor=SYSTEM, at=NOW)
    return session


def coded(session: Session, count: int) -> None:
    columns = {
        "code": [f"XA{number:06}" for number in range(count)],
        "registered_name": [f"布洛芬{'甲' * (number % 9)}片" for number in range(count)],
        "company": ["重山安康药业有限公司"] * count,
        "import_id": [1] * count,
    }
    insert_rows(session, CodedDrug.__table__, columns=columns)


def test_the_job_finds_what_was_written_in_bulk(shelf: Session) -> None:
    coded(shelf, 30)
    assert search(shelf, "布洛芬") == []
    assert catch_up(shelf) == 30
    assert catch_up(shelf) == 0
    assert len(search(shelf, "blf", limit=50)) == 30
    hit = search(shelf, "xa000007")[0]
    assert (hit.kind, hit.facts["code"], hit.facts["maker"]) == ("coded_drug", "XA000007", "重山安康药业有限公司")


def test_the_job_drops_what_is_gone(shelf: Session) -> None:
    coded(shelf, 3)
    catch_up(shelf)
    shelf.delete(shelf.scalars(select(CodedDrug).where(CodedDrug.code == "XA000001")).one())
    shelf.flush()
    assert catch_up(shelf) == 1
    assert len(search(shelf, "布洛芬")) == 2


def test_a_renamed_maker_is_found_at_its_products_after_the_job(shelf: Session) -> None:
    product = shelf.scalars(select(Product)).one()
    set_flags(shelf, "product", [product.id], "winner", True)
    draft = OrganisationDraft(name="江州永康药业有限公司", code=product.company.code)
    change_company(shelf, company_id=product.company_id, draft=draft, actor=SYSTEM, at=NOW)
    catch_up(shelf)
    assert search(shelf, "恒达", kind="product") == []
    found = search(shelf, "永康", kind="product", filters=Filters(flags=["winner"], form="enteric_tablet"))
    assert [hit.subject_id for hit in found] == [product.id]


def test_a_rebuild_heals_the_index_and_keeps_what_others_said(shelf: Session) -> None:
    coded(shelf, 5)
    catch_up(shelf)
    first = search(shelf, "布洛芬")
    set_flags(shelf, "coded_drug", [first[0].subject_id], "listed", True)
    shelf.execute(update(SearchEntry).where(SearchEntry.kind == "coded_drug").values(haystack="\n坏\n"))
    postings.repost(shelf)
    assert search(shelf, "布洛芬") == []
    changed = rebuild(shelf)
    assert changed["coded_drug"] == 5
    assert changed["product"] == 0
    assert search(shelf, "布洛芬") == first
    assert [hit.subject_id for hit in search(shelf, "blf", filters=Filters(flags=["listed"]))] == [first[0].subject_id]


def test_many_rows_go_into_an_index_made_beside(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "MANY", 100)
    for turn in range(3):  # the index is replaced twice and then added to
        low, count = turn * 1000, (150, 400, 150)[turn]
        rows = {low + n: Entry("product", f"药{n}号片", (f"药{n}号片",)) for n in range(1, count + 1)}
        assert index_many(session, kind="product", rows=rows) == count
    assert session.scalar(select(func.count()).select_from(SearchEntry)) == 700
    assert len(search(session, "药1号")) == 3
    assert len(search(session, "号片", limit=1000)) == 700


def test_the_command_prints_what_changed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/search.db"
    database = Database(make_engine(url))
    upgrade(database)
    with database.transaction() as session:
        coded(session, 4)
    result = CliRunner().invoke(reindex, ["--database", url])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output)["coded_drug"] == 4
    database.engine.dispose()
