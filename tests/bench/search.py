"""Search at 250 000 generated products, in the process and over HTTP, against the bare index and against LIKE."""

from __future__ import annotations

import http.client
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

import wsgi
from catalogue.search.models import ENTRIES
from catalogue.search.postings.queries import ids
from catalogue.search.queries import search
from catalogue.search.rules.asking import INSIDE, holds, is_sound, sound, tier, ways, words
from catalogue.search.services import index_many
from importers.demo.parties import PASSWORD, credit_code
from kernel import clock
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.auth.services.passwords import hashed
from kernel.config import Settings
from kernel.db import Database
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation
from tests.bench import shelf

ROWS, SEED, TERMS, CHECKED, TOP = 250_000, 250, 120, 3, 20


def quantiles(action: Callable[[str], object], asked: Iterable[str]) -> tuple[float, float]:
    """Return the median and the 95th percentile of milliseconds a term."""
    found = []
    for term in asked:
        start = time.perf_counter()
        action(term)
        found.append((time.perf_counter() - start) * 1000)
    found.sort()
    return found[len(found) // 2], found[int(len(found) * 0.95)]


def baseline(session: Session, term: str) -> list[int]:
    """What one would write without an index: LIKE on every row, ranked in the process."""
    query = select(ENTRIES.c.id, ENTRIES.c.subject_id, ENTRIES.c.haystack, ENTRIES.c.sounds)
    asked = words(term)
    for word in asked:
        written = ENTRIES.c.haystack.contains(word)
        query = query.where(or_(written, ENTRIES.c.sounds.regexp_match(sound(word))) if is_sound(word) else written)
    rows = [row for row in session.execute(query) if all(holds(word, row.haystack, row.sounds) for word in asked)]
    rows.sort(key=lambda row: (tier(asked[0], row.haystack, row.sounds), row.id))
    return [row.subject_id for row in rows[:TOP]]


def run(opened: list[tuple[str, Database]]) -> None:
    """Print how long searches take on each database, after their results were compared with the baseline's."""
    entries = shelf.products(ROWS, seed=SEED)
    asked = shelf.terms(entries, seed=SEED, count=TERMS)
    title = f"search, {ROWS} products, seed {SEED}, {TERMS} terms a kind; wanted p95: 5 ms in the process, 40 over HTTP"
    table = Table("database", "terms", "p50 ms", "p95 ms", "HTTP p50", "HTTP p95", "floor p50", "floor p95",
                  "LIKE p50", title=title)  # fmt: skip
    for name, database in opened:
        start = time.perf_counter()
        with database.transaction() as session:
            index_many(session, kind="product", rows=entries)
            login(session)
        Console().print(f"search: {ROWS} entries written on {name} in {time.perf_counter() - start:.1f} s")
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as plain:
            if name != "SQLite":
                plain.exec_driver_sql("VACUUM ANALYZE")
        with database.transaction(write=False) as session, Served(database) as ask:
            for kind, terms in asked.items():
                table.add_row(name, kind, *(f"{took:.2f}" for took in measured(session, terms, ask)))
    Console(width=130).print(table)


def measured(session: Session, terms: list[str], ask: Callable[[str], object]) -> list[float]:
    """Compare a few terms with the baseline, ask all once, then time all."""
    slow, _ = quantiles(lambda term: same(session, term), terms[:CHECKED])
    connection = session.connection()
    for term in terms:  # a server that has run for a while: pages in memory, statements prepared
        search(session, term, kind="product", limit=TOP)
    inside = quantiles(lambda term: search(session, term, kind="product", limit=TOP), terms)
    over_http = quantiles(ask, terms)
    floor = quantiles(lambda term: ids(connection, ways(words(term), [], INSIDE), kinds=["product"], limit=TOP), terms)
    return [*inside, *over_http, *floor, slow]


def same(session: Session, term: str) -> None:
    """Assert that the search finds what the baseline finds, in its order."""
    hits = [hit.subject_id for hit in search(session, term, kind="product", limit=TOP)]
    assert hits == baseline(session, term), term


def login(session: Session) -> None:
    """Add somebody who may search."""
    at = clock.now()
    agency = Organisation(
        kind=OrganisationKind.AGENCY,
        name="集采机构",
        code=credit_code(777),
        state=OrganisationState.ACTIVE,
        created_at=at,
    )
    session.add(agency)
    session.flush()
    user = User(login="searcher", name="查", organisation_id=agency.id, password_hash=hashed(PASSWORD), created_at=at)
    user.roles = [UserRole(role=Role.AGENCY_OFFICER)]
    session.add(user)


class Quiet(WSGIRequestHandler):
    """A server that keeps connections and says nothing."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_args: Any, **_kw: Any) -> None:
        """Log nothing."""


class Served:
    """The application behind a socket of its own; calling it asks the picker's endpoint."""

    def __init__(self, database: Database) -> None:
        self.folder = tempfile.TemporaryDirectory()
        settings = Settings(var=Path(self.folder.name), database_url="", secret_key="b" * 64, demo=True)
        self.app = wsgi.create_app(settings, database)
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))  # no line a request
        self.app.config["WTF_CSRF_ENABLED"] = False

    def __enter__(self) -> Callable[[str], object]:
        client = self.app.test_client()
        client.post("/sign-in", data={"login": "searcher", "password": PASSWORD})
        cookie = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        assert cookie is not None
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=Quiet)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.line = http.client.HTTPConnection("127.0.0.1", self.server.server_port)
        self.headers = {"Cookie": f"{cookie.key}={cookie.value}"}
        return self.ask

    def ask(self, term: str) -> None:
        """Ask over HTTP and read the whole answer."""
        address = f"/api/v1/catalogue/search?kind=product&limit={TOP}&q={urllib.parse.quote(term)}"
        self.line.request("GET", address, headers=self.headers)
        answer = self.line.getresponse()
        body = answer.read()
        assert answer.status == 200, body

    def __exit__(self, *_error: object) -> None:
        self.line.close()
        self.server.shutdown()
        self.folder.cleanup()
