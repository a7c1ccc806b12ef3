"""A round of consumables through its pages: every form is posted as a browser posts it, at the hour of its step."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from kernel import clock
from kernel.auth.guard import TOKEN, digest
from kernel.auth.models import UserSession
from kernel.db import Database
from procurement.demand.models import Lot
from tests.procurement.rounds.scene import REGIONS, START, populate

COMPANIES = 9


@dataclass
class Fair:
    """Who takes part, what is procured, and the hour. `specs` and `lot_specs` are ids by specification text."""

    app: Flask
    database: Database
    people: dict[str, int]
    organisations: dict[str, tuple[int, str]]
    at: datetime = START
    variety: int = 0
    call: int = 0
    round_: int = 0
    box: int = 0
    lot: int = 0
    specs: dict[str, int] = field(default_factory=dict)
    lot_specs: dict[str, int] = field(default_factory=dict)

    def visit(self, who: str, url: str, form: Mapping[str, Any] | None = None) -> TestResponse:
        """Open a page or post a form, signed in at this hour; the answer as it comes."""
        with clock.travel(to=self.at):
            token = secrets.token_hex(8)
            with self.database.transaction() as session:
                session.add(
                    UserSession(digest=digest(token), user_id=self.people[who], created_at=self.at, seen_at=self.at,
                                expires_at=self.at + timedelta(hours=8))
                )  # fmt: skip
            client = self.app.test_client()
            with client.session_transaction() as cookie:
                cookie[TOKEN], cookie["locale"] = token, "en"
            return client.get(url) if form is None else client.post(url, data=form)

    def post(self, who: str, url: str, **form: Any) -> str:
        """Post a form that is taken; return where it leads."""
        answer = self.visit(who, url, form)
        assert answer.status_code == 303, answer.get_data(as_text=True)[-6000:]
        return answer.location

    def page(self, who: str, url: str) -> str:
        """Return a page's text."""
        answer = self.visit(who, url)
        assert answer.status_code == 200, answer.status
        return answer.get_data(as_text=True)

    def later(self, **time: int) -> None:
        """Let time pass."""
        self.at += timedelta(**time)

    def company(self, number: int) -> int:
        """The id of a company."""
        return self.organisations[f"c{number}"][0]


def number(location: str) -> int:
    """Return the last number of an address."""
    return int(re.findall(r"/(\d+)", location)[-1])


def fair(app: Flask, database: Database) -> Fair:
    """Invite two officers, three hospitals and nine companies."""
    with database.transaction() as session:
        scene = populate(session, lots=0, companies=COMPANIES)
        people = {key: actor.user_id or 0 for key, actor in scene.actors.items()}
        organisations = {key: (one.id, one.name) for key, one in scene.organisations.items()}
    return Fair(app, database, people, organisations)


def catalogue(one: Fair, name: str, parts: Sequence[tuple[str, str]], makers: Mapping[str, Sequence[int]]) -> None:
    """File a consumable, its parts (text, what it is) and the products of their makers, each by its form."""
    url = "/catalogue/varieties/new"
    made = one.post("officer", url, kind="consumable", code="H001", generic_name=name, category="C020101052")
    one.variety = number(made)
    for text, part in parts:
        one.post(
            "officer", f"/catalogue/varieties/{one.variety}/specifications/new", text=text, part=part,
            unit="次" if part == "service" else "个",
        )  # fmt: skip
    with one.database.transaction(write=False) as session:
        from catalogue.drugs.models import Specification

        one.specs = {each.text: each.id for each in session.query(Specification).all()}
    for text, companies in makers.items():
        for company in companies:
            one.post(
                "officer", "/catalogue/products/new", company_id=one.company(company), specification_id=one.specs[text],
                registered_name=text, approval_number=f"国械注准2020313{company}{one.specs[text]:03}", pack="1",
                standard_code="C0201010520000100001", active="1",
            )  # fmt: skip


def collect(one: Fair, demand: Mapping[str, Mapping[tuple[str, int], int]]) -> None:
    """Collect demand by company: {hospital: {(specification, company): units}}; accept it and lock the base."""
    end = clock.beijing(one.at + timedelta(days=2))
    made = one.post(
        "officer", "/procurement/demand/new", code="XQ-1", title="耗材需求", year="2027",
        deadline=f"{end:%Y-%m-%dT%H:%M:%S}",
    )  # fmt: skip
    one.call = number(made)
    base = f"/procurement/demand/{one.call}"
    one.post("officer", f"{base}/lots", codes="H001")
    one.post("officer", f"{base}/start")
    one.later(hours=1)
    for hospital, needs in demand.items():
        cells = {f"q-{one.specs[text]}-{one.company(company)}": str(units) for (text, company), units in needs.items()}
        one.post(hospital, f"{base}/report", version="0", then="check", **cells)
        page = one.page(hospital, f"{base}/report/check")
        version = re.findall(r'name="version" value="(\d+)"', page)[0]
        one.post(hospital, f"{base}/report/check", confirmed="1", version=version)
    one.later(days=3)
    board = one.page("reviewer", base)
    for report in sorted(set(re.findall(r"/procurement/demand/reports/(\d+)", board))):
        version = re.findall(
            r'name="version" value="(\d+)"', one.page("reviewer", f"/procurement/demand/reports/{report}")
        )
        one.post("reviewer", f"/procurement/demand/reports/{report}/accept", version=version[0])
    one.post("reviewer", f"{base}/lock")


def prepare(one: Fair, rules: str, caps: Mapping[str, str], fill: Mapping[str, str] | None = None) -> None:
    """Set the round up and publish it, by two people."""
    made = one.post(
        "officer", "/procurement/rounds/new", call=str(one.call), code="HC-1", title="耗材集采", rule_set=rules
    )
    one.round_ = number(made)
    base = f"/procurement/rounds/{one.round_}"
    if fill:
        typed = {f"{kind}-{name}": text for name, value in fill.items()
                 for kind, text in (("value", value), ("source", "采购文件"), ("reason", "本轮采用"))}  # fmt: skip
        one.post("officer", f"{base}/set-up/parameters", **typed)
    with one.database.transaction(write=False) as session:
        lot = session.query(Lot).filter(Lot.call_id == one.call).one()
        one.lot, one.lot_specs = lot.id, {each.specification.text: each.id for each in lot.specifications}
    grid = [{"id": str(one.lot_specs[text]), "cap": cap} for text, cap in caps.items()]
    one.post("officer", f"{base}/set-up/caps", caps=json.dumps(grid))
    start, end = (clock.beijing(one.at + timedelta(hours=hours)) for hours in (1, 48))
    one.post(
        "officer", f"{base}/set-up/calendar", receives_from=f"{start:%Y-%m-%dT%H:%M:%S}", publicity_days="1",
        deadline=f"{end:%Y-%m-%dT%H:%M:%S}", title="耗材集采", notice="",
    )  # fmt: skip
    one.post("reviewer", f"{base}/publish")
    with one.database.transaction(write=False) as session:
        from procurement.rounds.models.rounds import Round

        one.box = session.get_one(Round, one.round_).box_id
    one.later(hours=2)


def bid(one: Fair, company: int, prices: Mapping[str, str]) -> TestResponse:
    """Let a company post its bid form."""
    form = {f"price-{one.specs[text]}": price for text, price in prices.items()}
    return one.visit(f"c{company}", f"/procurement/bids/{one.box}/lots/{one.lot}", {"revision": "0", **form})


def bid_all(one: Fair, bids: Mapping[int, Mapping[str, str]]) -> None:
    """Let everybody bid, and open the bids."""
    for company, prices in bids.items():
        answer = bid(one, company, prices)
        assert answer.status_code == 303, answer.get_data(as_text=True)[-6000:]
    one.later(days=2)
    one.post("officer", f"/procurement/rounds/{one.round_}/open")


def enter(one: Fair, facts: Mapping[tuple[int, str], Mapping[str, str]]) -> None:
    """Enter review facts: {(company, specification): {column: value}}."""
    form = {
        f"{one.lot}-{one.company(company)}-{one.specs[text]}-{column}": value
        for (company, text), values in facts.items()
        for column, value in values.items()
    }
    one.post("officer", f"/procurement/rounds/{one.round_}/facts", lot="1", source="企业申报材料", **form)


def award(one: Fair) -> None:
    """Evaluate, announce and award."""
    base = f"/procurement/rounds/{one.round_}"
    one.post("officer", f"{base}/evaluate")
    one.post("officer", f"{base}/announce")
    one.later(days=2)
    one.post("reviewer", f"{base}/award")


def hospital_rows(one: Fair) -> list[dict[str, Any]]:
    """Return the stored volumes: hospital, company (number or 0), specification, figures."""
    from procurement.agreements.reassignment.models import HospitalVolume

    numbers = {one.organisations[f"c{n}"][0]: n for n in range(1, COMPANIES + 1)}
    hospitals = {one.organisations[f"h{n}"][0]: f"h{n}" for n in range(1, len(REGIONS) + 1)}
    texts = {spec: text for text, spec in one.specs.items()}
    with one.database.transaction(write=False) as session:
        return [
            {"id": row.id, "hospital": hospitals[row.hospital_id], "company": numbers.get(row.company_id or 0, 0),
             "spec": texts[row.specification_id], "own": row.own, "agreed": row.agreed, "reassigned": row.reassigned,
             "won": row.award_id is not None}
            for row in session.query(HospitalVolume).order_by(HospitalVolume.id)
        ]  # fmt: skip


def agreed(one: Fair) -> dict[tuple[str, int, str], tuple[Decimal, Decimal]]:
    """Return the agreements: (hospital, company, specification) → units and price."""
    from procurement.agreements.models import Agreement

    numbers = {one.organisations[f"c{n}"][0]: n for n in range(1, COMPANIES + 1)}
    hospitals = {one.organisations[f"h{n}"][0]: f"h{n}" for n in range(1, len(REGIONS) + 1)}
    with one.database.transaction(write=False) as session:
        return {
            (hospitals[each.hospital_id], numbers[each.company_id], each.specification.text): (each.agreed, each.price)
            for each in session.query(Agreement)
        }
