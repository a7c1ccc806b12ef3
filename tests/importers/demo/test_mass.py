"""A small province: whole, found, recorded, and the same from the same seed on either database."""

from __future__ import annotations

import pathlib
import shutil
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from catalogue.codes.rules.reading import examine
from catalogue.drugs.models import Product, Specification, Variety
from catalogue.register.models import CodedDrug, LocalProduct
from catalogue.search.queries import search
from importers.demo import mass, places
from importers.demo.cli import demo
from importers.demo.mass import Mass, Size
from kernel.audit.models import AuditEntry
from kernel.audit.services import verify
from kernel.auth.models import User
from kernel.db import Base, Database, make_engine
from kernel.parties.codes import OrganisationKind as Kind
from kernel.parties.codes import OrganisationState
from kernel.parties.credit import credit_code
from kernel.parties.models import Organisation, Region
from procurement.dossiers.flow import DocumentState
from procurement.dossiers.models import CompanyDocument, DocumentLook

NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
SIZE = Size(drugs=1_500, companies=90, hospitals=80, varieties=8, lists=2, listed=20)
MODELS = (Region, Organisation, CodedDrug, Variety, Specification, Product, LocalProduct)


def load(database: Database, seed: int = 7) -> list[tuple[str, int, int]]:
    told: list[tuple[str, int, int]] = []
    mass.load(Mass(database, SIZE, seed, NOW, lambda *step: told.append(step)))
    return told


def rows(database: Database, model: type[Base]) -> list[list[Any]]:
    """All rows but their ids, which follow the order of writing."""
    columns = [column for column in model.__table__.c if column.name != "id" and not column.name.endswith("_id")]
    with database.transaction(write=False) as session:
        return sorted([repr(value) for value in row] for row in session.execute(select(*columns)))


def test_a_province_has_the_size_that_was_asked_for(database: Database) -> None:
    told = load(database)
    with database.transaction(write=False) as session:
        kinds = dict(session.execute(select(Organisation.kind, func.count()).group_by(Organisation.kind)).all())
        counts = [
            session.scalar(select(func.count()).select_from(model)) for model in (CodedDrug, Variety, LocalProduct)
        ]
        cities = session.scalars(select(Region.code).where(Region.parent_code == places.PROVINCE)).all()
        products = session.scalar(select(func.count()).select_from(Product))
    assert kinds == {Kind.COMPANY: SIZE.companies, Kind.HOSPITAL: SIZE.hospitals}
    assert counts == [SIZE.drugs, SIZE.varieties, SIZE.lists * SIZE.listed]
    assert len(cities) == SIZE.cities == 31
    assert products is not None and products > SIZE.varieties
    assert [done for _step, done, total in told[-1:] if done == total]


def test_its_agency_takes_the_papers_of_every_maker_over(database: Database) -> None:
    with database.transaction() as session:
        code = "111100000000000037"
        agency = Organisation(
            kind=Kind.AGENCY, name="集采机构", code=code, state=OrganisationState.ACTIVE, created_at=NOW
        )
        session.add(agency)
        session.flush()
        session.add(User(login="agency", name="经办", organisation_id=agency.id, created_at=NOW))
    load(database)
    with database.transaction(write=False) as session:
        found = session.scalars(select(CompanyDocument)).unique().all()
        looks = session.scalars(select(DocumentLook.document_id)).all()
    assert len({each.company_id for each in found}) == SIZE.companies and len(found) == 3 * SIZE.companies
    assert all(each.series == each.id and each.state is DocumentState.CHECKED for each in found)
    assert sorted(looks) == sorted(each.id for each in found)
    assert any(each.until and each.until < NOW.date() for each in found)


def test_every_code_in_it_is_right(database: Database) -> None:
    load(database)
    with database.transaction(write=False) as session:
        assert all(examine(code).valid for code in session.scalars(select(CodedDrug.code)))
        assert all(credit_code(code) == code for code in session.scalars(select(Organisation.code)))
        graded = session.scalars(select(Organisation.grade).where(Organisation.kind == Kind.HOSPITAL))
        assert set(graded) > {"三级甲等", "二级甲等"}
        makers = select(Organisation.code).where(Organisation.kind == Kind.COMPANY)
        assert session.scalars(select(CodedDrug.code).where(CodedDrug.company_code.not_in(makers))).all() == []


def test_the_same_seed_gives_the_same_rows_on_either_database(
    database: Database, sqlite_template: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    other = Database(make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'other.db')}"))
    load(database)
    load(other)
    assert [name for model in MODELS for name in [model.__name__] if rows(database, model) != rows(other, model)] == []
    other.engine.dispose()


def test_blocks_are_recorded_and_everything_is_found(database: Database) -> None:
    load(database)
    with database.transaction(write=False) as session:
        assert list(verify(session)) == []
        tags = set(session.scalars(select(AuditEntry.tag)))
        drug = session.scalars(select(CodedDrug).order_by(CodedDrug.id).limit(1)).one()
        product = session.scalars(select(Product).limit(1)).unique().one()
        hospital = session.scalars(select(Organisation).where(Organisation.kind == Kind.HOSPITAL).limit(1)).one()
        assert drug.id in {hit.subject_id for hit in search(session, drug.code, kind="coded_drug")}
        assert product.id in {hit.subject_id for hit in search(session, product.approval_number, kind="product")}
        assert search(session, hospital.name, kind="hospital")[0].subject_id == hospital.id
    assert {"regions.imported", "organisations.created", "drugs.imported", "products.created"} <= set(map(str, tags))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(demo, ["load", *arguments], catch_exceptions=False)


@pytest.fixture
def home(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A folder for the installation and its files."""
    monkeypatch.setenv("JICAI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("JICAI_DEMO", "1")
    return tmp_path


def test_the_command_refuses_a_database_that_is_not_empty(home: pathlib.Path, sqlite_template: pathlib.Path) -> None:
    url = f"sqlite:///{shutil.copy(sqlite_template, home / 'kept.db')}"
    database = Database(make_engine(url))
    with database.transaction() as session:
        session.add(Region(code="11", name="地区"))
    answer = run("--size", "province", "--database", url)
    assert (answer.exit_code, "is not empty" in answer.stderr) == (2, True)
    with database.transaction(write=False) as session:
        assert session.scalars(select(Organisation)).all() == []
    database.engine.dispose()


@pytest.mark.long
def test_the_command_loads_the_small_demo_and_the_mass_beside_it(home: pathlib.Path) -> None:
    url = f"sqlite:///{home / 'new.db'}"
    answer = run("--size", "province", "--scale", "0.006", "--database", url)
    assert answer.exit_code == 0, answer.stderr
    database = Database(make_engine(url))
    with database.transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(CodedDrug)) == 1_500
        kinds = dict(session.execute(select(Organisation.kind, func.count()).group_by(Organisation.kind)).all())
        assert (kinds[Kind.COMPANY], kinds[Kind.HOSPITAL], kinds[Kind.AGENCY]) == (48, 18, 1)
        assert list(verify(session)) == []
    database.engine.dispose()
    assert list(home.glob("*.building*")) == []
    assert run("--database", url).exit_code == 2
