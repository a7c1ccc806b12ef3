"""What makes the small demo a whole province, written in blocks by the bulk paths of the owning packages."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import Form, kind_of, read_form
from catalogue.drugs.services import bulk, varieties
from catalogue.drugs.services.products import ProductDraft
from catalogue.register.models import CodedDrug
from catalogue.register.services import put_drugs, put_local_products
from catalogue.search.sources.services import catch_up
from catalogue.tallies import services as tallies
from importers.demo import names, papers, places, register
from importers.demo.register import WESTERN, Columns, Maker
from kernel.auth.actor import SYSTEM
from kernel.auth.models import User
from kernel.clock import today
from kernel.db import Database
from kernel.parties import regions
from kernel.parties.codes import OrganisationKind as Kind
from kernel.parties.models import Organisation
from procurement.dossiers import services as dossiers

BLOCK = 25_000
ALL = 10_000_000
SOURCE = {"source": "demo"}
Told = Callable[[str, int, int], None]
"""Called with a step, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is in all, the small demo included."""

    drugs: int = 250_000
    companies: int = 8_000
    hospitals: int = 3_000
    cities: int = 31
    varieties: int = 300
    lists: int = 3
    listed: int = 2_000

    def scaled(self, factor: float) -> Size:
        """Return a smaller province; it keeps its cities."""
        numbers = {name: max(1, round(getattr(self, name) * factor)) for name in ("drugs", "companies", "hospitals")}
        return replace(self, **numbers, varieties=round(self.varieties * factor), listed=round(self.listed * factor))


@dataclass(slots=True)
class Mass:
    """A province that is being written: where, when, by which seed, and what was drawn for later steps."""

    database: Database
    size: Size
    seed: int
    at: datetime
    told: Told
    bought: list[tuple[Any, ...]] = field(default_factory=list)
    """Drugs that varieties are made of, as WANTED columns."""
    shelf: Columns = field(default_factory=dict)
    """Drugs that hospitals keep on lists of their own."""

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Session]:
        """Open a transaction and tell how it goes."""
        self.told(name, 0, total)
        with self.database.transaction() as session:
            yield session
        self.told(name, total, total)


WANTED = (
    "list_name", "list_form", "actual_form", "registered_spec", "company_code", "approval_number", "registered_name",
    "trade_name", "standard_code", "pack_quantity", "preparation_unit", "packing_unit",
)  # fmt: skip
_POWDER = "注射用"
_PROCURED = ("片", "胶囊", "分散片", "缓释片", "肠溶片", "缓释胶囊", "咀嚼片", _POWDER)
FORMS: dict[str, Form] = {
    names.written(shape): read_form("冻干粉针" if shape.name == _POWDER else shape.name)
    for shape in names.SHAPES
    if shape.name in _PROCURED
}
"""Forms that varieties are made of: those whose specifications say a strength."""


def load(mass: Mass) -> None:
    """Write a province beside what stands, up to its size."""
    _parties(mass)
    makers = _makers(mass.database)
    _drugs(mass, makers)
    _varieties(mass)
    _local(mass)
    _papers(mass)
    with mass.step("search", 1) as session:
        catch_up(session, most=ALL)
        tallies.catch_up(session)
        if session.get_bind().dialect.name == "postgresql":
            session.connection().exec_driver_sql("ANALYZE")


def _parties(mass: Mass) -> None:
    size, where = mass.size, places.places(mass.size.cities, seed=mass.seed)
    with mass.step("regions", len(where.regions)) as session:
        regions.put(session, regions=where.regions, actor=SYSTEM, at=mass.at, facts=SOURCE)
    for kind, invent, count in (
        (Kind.COMPANY, places.companies, size.companies),
        (Kind.HOSPITAL, places.hospitals, size.hospitals),
    ):
        with mass.step(kind.value, count) as session:
            stand = session.scalars(select(Organisation.name).where(Organisation.kind == kind)).all()
            drafts = invent(where, stand, max(0, count - len(stand)), seed=mass.seed)
            bulk.create_companies(session, drafts=drafts, kind=kind, actor=SYSTEM, at=mass.at, origin=SOURCE)


def _makers(database: Database) -> list[Maker]:
    """All companies, in the order in which they came."""
    query = select(Organisation.name, Organisation.code).where(Organisation.kind == Kind.COMPANY)
    with database.transaction(write=False) as session:
        found = session.execute(query.order_by(Organisation.id)).all()
    return [Maker(name, code, number) for number, (name, code) in enumerate(found, start=1)]


def _drugs(mass: Mass, makers: Sequence[Maker]) -> None:
    with mass.database.transaction(write=False) as session:
        done, total = session.scalar(select(func.count()).select_from(CodedDrug)) or 0, mass.size.drugs
    mass.told("drugs", done, total)
    for columns in register.drugs(makers, max(0, total - done), seed=mass.seed, block=BLOCK):
        with mass.database.transaction() as session:
            put_drugs(session, columns=columns, import_id=None, actor=SYSTEM, at=mass.at, facts=SOURCE)
        mass.bought += _procured(columns)
        mass.shelf = mass.shelf or columns
        done += len(columns["code"])
        mass.told("drugs", done, total)


def _procured(columns: Columns) -> Iterable[tuple[Any, ...]]:
    """Rows that the national list names, in forms whose specifications can be read."""
    rows = zip(columns["code"], *(columns[name] for name in WANTED), strict=True)
    return [row[1:] for row in rows if row[0].startswith(WESTERN) and row[1] and row[3] in FORMS]


def _varieties(mass: Mass) -> None:
    """Make varieties of the commonest names, with what is sold of them as products."""
    common = Counter(row[:2] for row in mass.bought).most_common(mass.size.varieties)
    rows: dict[tuple[str, str], list[tuple[Any, ...]]] = {key: [] for key, _count in common}
    for row in mass.bought:
        if row[:2] in rows:
            rows[row[:2]].append(row)
    with mass.step("varieties", len(rows)) as session:
        companies = dict(session.execute(select(Organisation.code, Organisation.id)).all())
        made: list[bulk.ProductOf] = []
        for number, (key, some) in enumerate(rows.items(), start=1):
            specifications = _variety(session, mass.at, f"P{number:04}", key, some)
            made += (_product(row, companies, specifications) for row in some)
            mass.told("varieties", number, len(rows))
        bulk.create_products(session, products=made, actor=SYSTEM, at=mass.at, origin=SOURCE)


def _variety(
    session: Session, at: datetime, code: str, key: tuple[str, str], rows: Iterable[tuple[Any, ...]]
) -> dict[tuple[str, str], int]:
    """Make one variety; return its specifications by form and text."""
    known = dict.fromkeys(row[2:4] for row in rows)
    first = FORMS[next(iter(known))[0]]
    variety = varieties.create_variety(
        session, code=code, generic_name=key[0], form_group=key[1], form_kind=kind_of(first), actor=SYSTEM, at=at,
        origin=SOURCE,
    )  # fmt: skip
    return {
        each: varieties.add_specification(
            session, variety_id=variety.id, draft=SpecificationDraft(text=each[1], form=FORMS[each[0]]), actor=SYSTEM,
            at=at, origin=SOURCE,
        ).id
        for each in known
    }  # fmt: skip


def _product(
    row: tuple[Any, ...], companies: dict[str, int], specifications: dict[tuple[str, str], int]
) -> bulk.ProductOf:
    _name, _group, form, text, company, approval, title, trade, standard, pack, unit, packed = row
    draft = ProductDraft(
        registered_name=title, approval_number=approval, pack=pack, trade_name=trade or "", standard_code=standard,
        packing=f"{pack}{unit}/{packed}",
    )  # fmt: skip
    return bulk.ProductOf(companies[company], specifications[form, text], draft)


LOCAL = {
    "name": "registered_name", "trade_name": "trade_name", "specification": "actual_spec", "form": "registered_form",
    "maker": "company", "approval_number": "approval_number", "packing_unit": "packing_unit",
    "pack_quantity": "pack_quantity", "preparation_unit": "preparation_unit", "drug_code": "code",
}  # fmt: skip


def _local(mass: Mass) -> None:
    """Let the first hospitals keep some of the drugs under codes of their own; a few lines lack the national code."""
    chance = random.Random(mass.seed)  # noqa: S311 - invented lists, and the same at every build
    at_hand = len(mass.shelf["code"])
    with mass.step("lists", mass.size.lists) as session:
        query = select(Organisation.name).where(Organisation.kind == Kind.HOSPITAL).order_by(Organisation.id)
        for name in session.scalars(query.limit(mass.size.lists)).all():
            chosen = sorted(chance.sample(range(at_hand), min(mass.size.listed, at_hand)))
            columns: Columns = {
                column: [mass.shelf[source][place] for place in chosen] for column, source in LOCAL.items()
            }
            columns["drug_code"] = [code if chance.random() < 0.8 else None for code in columns["drug_code"]]
            columns["list_name"] = [f"{name}药品目录"] * len(chosen)
            columns["local_code"] = [f"{100_000 + place}" for place in chosen]
            put_local_products(session, columns=columns, import_id=None, actor=SYSTEM, at=mass.at, facts=SOURCE)


def _papers(mass: Mass) -> None:
    """Let the demo's agency take every maker's papers over; a province without the small demo has no agency."""
    with mass.database.transaction(write=False) as session:
        drafts = papers.drafts(session, seed=mass.seed, day=today(mass.at))
        agency = session.scalars(select(User.id).where(User.login == "agency")).one_or_none()
    if agency is not None:
        with mass.step("papers", len(drafts)) as session:
            dossiers.take_over(session, drafts=drafts, user_id=agency, actor=SYSTEM, at=mass.at)
