"""Every real file, those of others' bug reports too, through every kind: read or refused for a reason, and no fault.

A file is read once (in its child, measured by the kernel's own accounts), then checked against every kind.
"""

from __future__ import annotations

import hashlib
import io
import os
import pathlib
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from importers import labels, queries, services, workbook
from importers.checking import check
from importers.registry import Kind, kinds
from importers.workbook import Workbook, read
from kernel.auth.actor import SYSTEM
from kernel.errors import FileRefused, Issue
from kernel.problems import known_codes
from tests.importers.conftest import AT

pytestmark = pytest.mark.xdist_group("every-file")  # the files are read once a worker

WALL, MEMORY_MB = 10, 1500
FOLDERS = ("spreadsheets", "nrdl", "drugs", "hospitals", "consumables", "service_price", "geo", "vbp")
QUERIES = {"national-list": {"edition": "2030"}, "products": {"list": "试验清单"}}
KINDS_OF = {
    "areas.csv": "regions", "cities.csv": "regions", "provinces.csv": "regions", "nrdl_2024.xlsx": "national-list",
    "hospital_drug_catalogue_a.csv": "products", "consumable_category.csv": "consumable-categories",
    "drug_category_tree.csv": "consumable-categories", "service_price_items_7329.csv": "products",
    "hospitals_3A_1444.csv": "hospitals", "round2_bids.csv": "varieties",
}  # fmt: skip
ENDINGS = {0, 10}
"""Read, or refused by name. Any other end is a reader that died."""


@dataclass(slots=True)
class Reading:
    """What became of a file, and what it took."""

    path: pathlib.Path
    book: Workbook | None = None
    issues: tuple[Issue, ...] = ()
    seconds: str = ""
    endings: list[int] = field(default_factory=list)
    peak_mb: int = 0

    @property
    def name(self) -> str:
        return self.path.name


class Measured(subprocess.Popen[bytes]):
    """A child whose end the kernel accounts for: the larger of the peaks of it and of what it waited for."""

    reading: Reading

    def wait(self, timeout: float | None = None) -> int:
        end = time.monotonic() + (timeout if timeout is not None else 1e9)
        while self.returncode is None:
            pid, status, usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
                self.reading.endings.append(self.returncode)
                self.reading.peak_mb = max(self.reading.peak_mb, usage.ru_maxrss >> 10)
            elif time.monotonic() > end:
                raise subprocess.TimeoutExpired(self.args, timeout or 0)
            else:
                time.sleep(0.002)
        return self.returncode


def take(path: pathlib.Path) -> Reading:
    """Read a file and note how it went."""
    reading = Reading(path)
    Measured.reading = reading
    begun = time.perf_counter()
    try:
        reading.book = read(path.read_bytes(), path.name, wall=WALL)
    except FileRefused as refused:
        reading.issues = refused.issues
    reading.seconds = f"{time.perf_counter() - begun:.2f}"
    return reading


@pytest.fixture(scope="session")
def readings(shared: pathlib.Path) -> list[Reading]:
    """Every file of the folders of real data, read once."""
    paths = sorted(path for name in FOLDERS for path in (shared / "data" / name).iterdir())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook.subprocess, "Popen", Measured)
        return [take(path) for path in paths]


Speaking = Callable[[str], Any]


def unsaid(speaking: Speaking, issues: Mapping[str, tuple[str, Issue]]) -> list[str]:
    """What is wrong with the reasons that people get: each code once, with the file where it came up."""
    faults = [f"{where}: {code} says nothing" for code, (where, _) in issues.items() if code in ("damaged", "refused")]
    for locale in ("zh_CN", "en"):
        with speaking(locale):
            for code, (where, issue) in issues.items():
                text = labels.says(issue)
                if code not in known_codes() or not text.strip() or "%(" in text:
                    faults.append(f"{where}: {code} in {locale}: {text!r}")
    return faults


def test_every_file_is_read_or_refused_for_a_reason_within_limits(
    readings: list[Reading], speaking: Speaking, figure: Callable[[str], None]
) -> None:
    assert sum(reading.path.parent.name == "spreadsheets" for reading in readings) >= 60
    assert unsaid(speaking, {issue.code: (each.name, issue) for each in readings for issue in each.issues}) == []
    assert {reading.name for reading in readings if not reading.book and not reading.issues} == set()
    dead = {reading.name: reading.endings for reading in readings if set(reading.endings) - ENDINGS}
    assert dead == {}
    slow = {reading.name for reading in readings for issue in reading.issues if issue.code == "too-large"}
    assert slow == set()
    assert max(2 * reading.peak_mb for reading in readings) <= MEMORY_MB  # the child and its parser, at their worst
    outcomes = Counter(reading.issues[0].code if reading.issues else "read" for reading in readings)
    figure(f"real files: {len(readings)}, " + ", ".join(f"{n} {code}" for code, n in outcomes.most_common()))
    for reading in sorted(readings, key=lambda reading: float(reading.seconds))[-3:]:
        figure(f"  slowest: {reading.name:36} {reading.seconds:>6} s {reading.peak_mb:>5} MB")
    figure(f"  largest reader: {max(reading.peak_mb for reading in readings)} MB (limit {MEMORY_MB})")


@pytest.mark.usefixtures("built_app")  # every area has registered its sentences
def test_every_file_through_every_kind_is_planned_or_refused_for_a_reason(
    readings: list[Reading], session: Session, speaking: Speaking, figure: Callable[[str], None]
) -> None:
    outcomes, told = Counter[str](), dict[str, tuple[str, Issue]]()
    begun = time.perf_counter()
    for reading in readings:
        for kind in kinds().values() if reading.book else ():
            where = f"{reading.name} as {kind.name}"
            try:
                outcome, issues = through(session, kind, reading.book)
            except Exception as error:
                error.add_note(where)
                raise
            assert issues or outcome != "refused", where
            outcomes[outcome] += 1
            told |= {issue.code: (where, issue) for issue in issues}
    assert unsaid(speaking, told) == []
    assert outcomes["planned"] > 10 and outcomes["refused"] > 100
    engine, took = session.get_bind().dialect.name, time.perf_counter() - begun
    figure(f"real files × {len(kinds())} kinds on {engine}: {dict(outcomes)}, {len(told)} reasons, {took:.1f} s")


def through(session: Session, kind: Kind, book: Workbook | None) -> tuple[str, tuple[Issue, ...]]:
    """Stage a file as a kind; one that needs a round or a collection is checked alone, without its template too."""
    assert book is not None
    if kind.context is not None and kind.name not in QUERIES:
        return "checked", (*checked(book, kind), *checked(book, replace(kind, template_required=False)))
    query = QUERIES.get(kind.name, {})
    try:
        import_ = services.stage(session, name=kind.name, query=query, book=book, actor=SYSTEM, at=AT)
    except FileRefused as refused:
        return "refused", refused.issues
    findings = queries.findings(session, import_)
    assert findings is not None
    return "planned", (*findings.issues, *findings.notes)


def checked(book: Workbook, kind: Kind) -> tuple[Issue, ...]:
    try:
        found = check(book, kind, {})
    except FileRefused as refused:
        return refused.issues
    return (*found.issues, *found.notes)


@pytest.fixture
def read_before(readings: list[Reading], monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader, answering from memory what it read before."""
    known = {(hashlib.sha256(each.path.read_bytes()).hexdigest(), each.name): each for each in readings}

    def again(data: bytes, file_name: str, **more: Any) -> Workbook:
        reading = known.get((hashlib.sha256(data).hexdigest(), file_name))
        if reading is None:
            return read(data, file_name, **more)
        if reading.book is None:
            raise FileRefused(reading.issues)
        return reading.book

    monkeypatch.setattr(workbook, "read", again)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)], indirect=True)
@pytest.mark.usefixtures("read_before")
def test_every_file_uploaded_is_answered_without_a_fault(
    readings: list[Reading], signed_in: Callable[..., FlaskClient], figure: Callable[[str], None]
) -> None:
    client, answers, faults = signed_in(), Counter[int](), []
    for reading in readings:
        status, more = upload(client, reading)
        answers[status] += 1
        if status not in (303, 422) or any(each != 200 for each in more):
            faults.append((reading.name, status, more))
    assert faults == []
    figure(f"every file uploaded: {dict(answers)}")


def upload(client: FlaskClient, reading: Reading) -> tuple[int, list[int]]:
    """Post a file, look at what it led to, and take the annotated workbook where there is one."""
    name = KINDS_OF.get(reading.name, "regions")
    address = f"/importers/{name}/upload" + ("?edition=2030" if name == "national-list" else "")
    file = FileStorage(io.BytesIO(reading.path.read_bytes()), reading.name)
    boundary, body = encode_multipart({"file": file})  # the client's own way leaves a temporary file open
    answer = client.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    if answer.status_code != 303:
        page = answer.get_data(as_text=True)
        assert reading.name in page or reading.name.replace("'", "&#39;") in page
        return answer.status_code, []
    place = answer.headers["Location"]
    return 303, [client.get(place).status_code, client.get(f"{place}/workbook?rows=faulty").status_code]
