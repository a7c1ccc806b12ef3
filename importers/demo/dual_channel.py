"""Dual channel in the demo: a province's rules, lists over two editions, four pharmacies, a hospital, a gap."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from catalogue.drugs.services.companies import OrganisationDraft, create_company
from catalogue.dual_channel.models.drugs import ListedDrug
from catalogue.dual_channel.queries import drugs as drug_queries
from catalogue.dual_channel.rules.listing import Layer, Term
from catalogue.dual_channel.services import doctors, drugs, pharmacies, places, prescriptions, regions, stock
from catalogue.editions.queries import editions, entries
from importers.demo.parties import credit_code, read
from importers.demo.stage import Stage
from kernel.auth.actor import SYSTEM
from kernel.auth.permissions import Role
from kernel.auth.services import users
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation

PROVINCE = "980000"
SAID = {
    "fixings.used": "hospital doctor pharmacy patient drug", "pharmacy.per_district": "3", "publicity.workdays": "5",
    "list.parts": "negotiated-western negotiated-traditional price-bid", "stock.most_days": "7",
    "payment.own_share": "0.3", "circulation.keep_months": "24",
}  # fmt: skip
SHELVES = {
    "pharmacy": {"注射用培美曲塞二钠": (30, "1548.00"), "替吉奥胶囊": (120, "18.60")},
    "pharmacy2": {"替吉奥胶囊": (40, "18.90"), "注射用奥沙利铂": (0, "205.00")},
}
SEPARATE = {"注射用培美曲塞二钠"}


def build(stage: Stage, year: int) -> None:
    """Say the rules, list the drugs, designate, report, and send two prescriptions on their way."""
    said = stage.day(-395)
    with stage.at(said) as session:
        regions.say(
            session, region_code=PROVINCE, values=SAID, source="江海省双通道管理办法（示例）", at=said,
            actor=stage.actor("agency"),
        )  # fmt: skip
        _lists(session, stage, year)
    rows = read("province.toml")["pharmacies"]["rows"]
    made = [_pharmacy(stage, number, *row) for number, row in enumerate(rows)]
    _designated(stage, stage.cast.hospitals[0], 380, "designated")
    for pharmacy, row in zip(made, rows, strict=True):
        _designated(stage, pharmacy, row[5], row[6])
    _report(stage)
    _prescriptions(stage, made[0])


def _lists(session: Session, stage: Stage, year: int) -> None:
    """List last year's edition until it ends, and the one in force; a drug that left has a transition."""
    stays = set[str]()
    for in_force in (year, year - 1):
        edition = editions.by_code(session, str(in_force - 1))
        assert edition is not None
        listed = session.scalars(entries.listing(edition.id))
        found = [each for each in listed if each.part.value in SAID["list.parts"].split()]
        for entry in found:
            ends = None if in_force == year else date(year, 1, 1)
            leaves_for_good = ends is not None and entry.name not in stays
            term = Term(date(in_force, 1, 1), ends, date(year + 1, 1, 1) if leaves_for_good else None)
            drugs.list_drug(
                session, region_code=PROVINCE, entry_id=entry.id, actor=stage.actor("agency"), at=stage.day(-395),
                layer=Layer.SEPARATE if entry.name in SEPARATE else Layer.ORDINARY,
                draft=drugs.DrugDraft(term, "调出协议期内谈判药品部分" if leaves_for_good else ""),
            )  # fmt: skip
            session.flush()  # the next row is compared with it
        stays |= {each.name for each in found}


def _pharmacy(
    stage: Stage, number: int, name: str, short: str, city: str, chain: str, traceable: bool, since: int, _state: str
) -> Organisation:
    at = stage.day(-since - 3)
    draft = OrganisationDraft(
        name=name, short_name=short, code=credit_code(900 + number, region=city), region_code=city
    )  # fmt: skip
    profile = pharmacies.ProfileDraft(
        licence=f"江CB{98000 + number}", chain=chain, traceability=traceable, stock_upload=True
    )  # fmt: skip
    with stage.at(at) as session:
        made = create_company(session, draft=draft, kind=OrganisationKind.PHARMACY, actor=SYSTEM, at=at)
        session.flush()  # its profile and its people need the id
        pharmacies.save_profile(session, organisation_id=made.id, draft=profile, actor=stage.actor("agency"), at=at)
        login = "pharmacy" if number == 0 else f"pharmacy{number + 1}"
        roles = {Role.PHARMACY, Role.ORGANISATION_ADMIN}
        user = users.create(
            session, organisation=made, login=login, name=f"{short}药师", roles=roles, actor=SYSTEM, at=at
        )
        user.password_hash = stage.cast.users["hospital"].password_hash
        user.password_set_at, user.demo = at, True
        stage.cast.users[login] = user
    return made


def _designated(stage: Stage, place: Organisation, since: int, state: str) -> None:
    """Bring a place as far as it goes; the reviewer designates what the agency's officer proposed."""
    at = stage.day(-since)
    with stage.at(at) as session:
        row = places.propose(session, organisation_id=place.id, actor=stage.actor("agency"), at=at)
    for step, reaches, days in (("publicise", ("publicised", "designated"), 1), ("designate", ("designated",), 25)):
        if state in reaches:
            then, login = stage.day(days - since), "agency" if step == "publicise" else "reviewer"
            with stage.at(then) as session:
                getattr(places, step)(session, designation_id=row.id, actor=stage.actor(login), at=then)


def _report(stage: Stage) -> None:
    for days, (login, shelf) in enumerate(SHELVES.items(), start=1):
        at = stage.day(-days, 9)
        with stage.at(at) as session:
            keys = _on_sale(session, at.date())
            lines = [
                stock.Stated(keys[name].drug_key, Decimal(count), Decimal(price))
                for name, (count, price) in shelf.items()
                if name in keys
            ]
            stock.report(session, lines=lines, actor=stage.actor(login), at=at)


def _on_sale(session: Session, day: date) -> dict[str, ListedDrug]:
    return {each.entry.name: each for each in drug_queries.on_sale(session, [PROVINCE], day).values()}


def _prescriptions(stage: Stage, pharmacy: Organisation) -> None:
    """Send one prescription all the way and leave another waiting in the pharmacy."""
    hospital, key = stage.actor("hospital"), b"demo"
    since = stage.day(-300)
    with stage.at(since) as session:
        doctor = doctors.name_doctor(
            session, name="沈静之", licence="110980000012345", since=since.date(), actor=hospital, at=since
        )  # fmt: skip
    for number, (days, name, count) in enumerate(((4, "替吉奥胶囊", 56), (1, "注射用培美曲塞二钠", 2)), start=1):
        at = stage.day(-days, 11)
        with stage.at(at) as session:
            drug = _on_sale(session, at.date())[name]
            draft = prescriptions.PrescriptionDraft(
                f"RX{at.year}{number:06d}", doctor.id, drug.id, f"J{number:05d}", Decimal(count)
            )  # fmt: skip
            row = prescriptions.issue(session, draft=draft, key=key, actor=hospital, at=at)
            prescriptions.choose(session, prescription_id=row.id, pharmacy_id=pharmacy.id, actor=hospital, at=at)
        if number == 1:
            _dispense(stage, row.id, days - 1)


def _dispense(stage: Stage, prescription_id: int, days: int) -> None:
    at, actor = stage.day(-days, 15), stage.actor("pharmacy")
    with stage.at(at) as session:
        prescriptions.dispense(
            session, prescription_id=prescription_id, price=Decimal("18.60"), patient_seen=True, actor=actor, at=at
        )
        prescriptions.settle(session, prescription_id=prescription_id, actor=actor, at=at + timedelta(minutes=5))
