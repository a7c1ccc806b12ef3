"""Every table that goes out, for every role, in every form: given out, refused or absent, never broken."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from openpyxl import load_workbook

from importers.demo.build import build
from importers.demo.parties import PASSWORD
from kernel.auth.permissions import Role
from kernel.db import Database
from kernel.downloads.flow import FileForm
from kernel.downloads.registry import exports
from procurement.supply.effects.flow import Part

LOGINS = ("agency", "hospital", "company", "bureau", "supervisor", "security", "audit", "pharmacy")
NEEDS = {
    "catalogue.edition": "edition=1", "catalogue.comparison": "edition=2&with=1", "catalogue.matches": "edition=1",
    "procurement.opening": "box=1", "procurement.declarations": "box=1", "procurement.reassignment": "round=7",
    "procurement.plan": "plan=1", "procurement.order-lines": "order=1", "procurement.agreement-ledger": "agreement=1",
    "procurement.retention-lines": "run=1", "procurement.retention-application": "run=1",
    "procurement.retention-payment": "run=1", "procurement.settlement-run": "run=1",
    "procurement.settlement-statement": "hospital=4&seller=28", "pricing.adjustment-effect": "plan=1",
    **{f"procurement.effects-{part}": "rating=3" for part in Part},
    "pricing.adjustment-lines": "plan=1", "pricing.same-group": "group=1",
}  # fmt: skip
NOT_YET = {"procurement.expert-scores"}
"""Nobody may have it in the demo: its only panel has not finished. tests/procurement/rounds/experts has it."""


@pytest.mark.long
def test_every_table_goes_out_or_is_refused(app: Flask, database: Database) -> None:
    build(database)
    given: set[str] = set()
    for login in LOGINS:
        client = app.test_client()
        client.post("/sign-in", data={"login": login, "password": PASSWORD})
        for name in exports():
            for form in FileForm if name not in given else [FileForm.XLSX]:
                answer = client.get(
                    f"/exports/{name}?as={form.value}&q=&name=x&_scheme=x&endpoint=y&{NEEDS.get(name, '')}"
                )
                assert answer.status_code in (200, 403, 404), (login, name, form, answer.status_code)
                if answer.status_code == 200:
                    given.add(name)
                    first(answer.data, form)
    assert set(exports()) - given == NOT_YET


def first(data: bytes, form: FileForm) -> None:
    """Read a file's headers: all of them have a name."""
    if form is FileForm.XLSX:
        book = load_workbook(io.BytesIO(data), read_only=True)
        headers = next(iter(book.worksheets[0].iter_rows(values_only=True)))
    else:
        text = data.decode("gb18030" if form is FileForm.CSV_GB18030 else "utf-8-sig")
        headers = tuple(text.splitlines()[0].split(","))
    assert headers and all(headers)


@pytest.mark.parametrize("role", [Role.PHARMACIST, Role.MANUFACTURER])
def test_no_export_is_open_to_more_than_its_page(role: Role) -> None:
    from kernel.auth.permissions import GRANTS

    allowed = {name for name, each in exports().items() if each.permission in GRANTS[role]}
    assert not allowed & {"kernel.audit", "kernel.users", "kernel.organisations"}
