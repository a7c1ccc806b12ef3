"""The map of dual channel."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from catalogue.drugs.schemas import OptionOut, PickerQuery
from catalogue.dual_channel import api as options
from catalogue.dual_channel import labels
from catalogue.dual_channel.models.drugs import ListedDrug, RegionRules
from catalogue.dual_channel.queries import places as place_queries
from catalogue.dual_channel.queries import prescriptions as prescription_queries
from catalogue.dual_channel.views import coverage, doctors, drugs, places, prescriptions, queues, regions, stock
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.pages import page_export
from kernel.errors import NotFound
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, home_queue, nav_item, subject_link

READ, WRITE, DESIGNATE, POST = P.DUAL_READ, P.DUAL_WRITE, P.DUAL_DESIGNATE, ("POST",)
PRESCRIBE, DISPENSE, FOLLOW = P.DUAL_PRESCRIBE, P.DUAL_DISPENSE, P.PRESCRIPTION_READ
SECTION = _l("Dual channel")
assert labels  # registers names and sentences


def mount(pages: Pages, api: Api) -> None:
    """Add the area's rows to the package's tables, and its lines to the shell."""
    _lists(pages)
    _places(pages)
    _records(pages)
    entries, found = "/dual-channel/entries", "/dual-channel/places"
    api.add("dual_entries", entries, options.entry_options, WRITE, query=PickerQuery, returns=OptionOut(many=True))
    api.add("dual_place_options", found, options.place_options, DESIGNATE, query=PickerQuery,
            returns=OptionOut(many=True))  # fmt: skip
    _shell()


def _lists(pages: Pages) -> None:
    one = "/dual-channel/drugs/<int:drug_id>"
    pages.add("dual_drugs", "/dual-channel/drugs", drugs.index, READ)
    page_export("catalogue.dual_drugs", _l("Dual-channel drugs"), READ, drugs.table)
    page_export("catalogue.dual_coverage", _l("Dual-channel coverage"), READ, coverage.table)
    pages.add("dual_drug_add", "/dual-channel/drugs", drugs.add, WRITE, methods=POST, again=drugs.index)
    pages.add("dual_drug", one, drugs.show, READ)
    pages.add("dual_drug_change", one, drugs.change, WRITE, methods=POST, again=drugs.show)
    pages.add("dual_drug_leave", f"{one}/leave", drugs.leave, WRITE, methods=POST, again=drugs.show)
    pages.add("dual_region", "/dual-channel/rules", regions.show, READ)
    pages.add("dual_region_say", "/dual-channel/rules", regions.say, WRITE, methods=POST, again=regions.show)
    pages.add("dual_coverage", "/dual-channel/coverage", coverage.show, READ)
    pages.add("dual_gaps", "/dual-channel/gaps", coverage.gaps, READ)
    page_export("catalogue.dual_gaps", _l("Supply gaps"), READ, coverage.gap_table)
    pages.add("dual_use", "/dual-channel/use", coverage.use, FOLLOW)
    page_export("catalogue.dual_use", _l("Use through two channels"), FOLLOW, coverage.use_table)


def _places(pages: Pages) -> None:
    one = "/dual-channel/places/<int:designation_id>"
    pages.add("dual_places", "/dual-channel/places", places.index, READ)
    pages.add("dual_place_propose", "/dual-channel/places", places.propose, DESIGNATE, methods=POST, again=places.index)
    page_export("catalogue.dual_places", _l("Designated places"), READ, places.table)
    page_export("catalogue.pharmacies", _l("Pharmacies"), WRITE, places.pharmacy_table)
    pages.add("dual_place", one, places.show, READ)
    for name in ("publicise", "designate", "restore", "suspend", "withdraw", "review", "profile"):
        view = getattr(places, name)
        pages.add(f"dual_place_{name}", f"{one}/{name}", view, DESIGNATE, methods=POST, again=places.show)
    pages.add("dual_doctors", "/dual-channel/doctors", doctors.index, PRESCRIBE)
    page_export("catalogue.dual_doctors", _l("Responsible doctors"), PRESCRIBE, doctors.table)
    pages.add("dual_doctor_add", "/dual-channel/doctors", doctors.add, PRESCRIBE, methods=POST, again=doctors.index)
    pages.add("dual_doctor_end", "/dual-channel/doctors/<int:doctor_id>/end", doctors.end, PRESCRIBE, methods=POST)


def _records(pages: Pages) -> None:
    one, many = "/dual-channel/prescriptions/<int:prescription_id>", "/dual-channel/prescriptions"
    pages.add("dual_stock", "/dual-channel/stock", stock.show, DISPENSE)
    pages.add("dual_stock_report", "/dual-channel/stock", stock.report, DISPENSE, methods=POST, again=stock.show)
    page_export("catalogue.dual_stock", _l("Stock and prices"), DISPENSE, stock.table)
    pages.add("dual_prescriptions", many, prescriptions.index, FOLLOW)
    page_export("catalogue.dual_prescriptions", _l("Prescriptions"), FOLLOW, prescriptions.table)
    pages.add("dual_prescription_issue", many, prescriptions.issue, PRESCRIBE, methods=POST, again=prescriptions.index)
    pages.add("dual_prescription", one, prescriptions.show, FOLLOW)
    for name, needs in (("choose", PRESCRIBE), ("dispense", DISPENSE), ("settle", DISPENSE)):
        view = getattr(prescriptions, name)
        pages.add(f"dual_prescription_{name}", f"{one}/{name}", view, needs, methods=POST, again=prescriptions.show)


def _shell() -> None:
    for label, endpoint, icon, need, count in (
        (_l("Drug lists"), "dual_drugs", "list-check", READ, None),
        (_l("Designated places"), "dual_places", "geo-alt", READ, queues.place_count),
        (_l("Coverage"), "dual_coverage", "table", READ, None),
        (_l("Gaps"), "dual_gaps", "exclamation-diamond", READ, None),
        (_l("Use"), "dual_use", "graph-up", FOLLOW, None),
        (_l("My stock"), "dual_stock", "boxes", DISPENSE, None),
        (_l("Prescriptions"), "dual_prescriptions", "receipt", FOLLOW, queues.prescription_count),
        (_l("Responsible doctors"), "dual_doctors", "person-badge", PRESCRIBE, None),
        (_l("Rules and checklist"), "dual_region", "card-checklist", READ, None),
    ):
        nav_item(NavItem(SECTION, label, f"catalogue.{endpoint}", icon, need, count, order=72))
    home_queue(DESIGNATE, queues.place_queue, order=30)
    home_queue(DISPENSE, queues.dispense_queue, order=20)
    home_queue(DISPENSE, queues.stock_queue, order=21)
    home_queue(PRESCRIBE, queues.choose_queue, order=40)
    subject_link("dual_channel_region", _region)
    subject_link("dual_channel_drug", _drug)
    subject_link("dual_channel_designation", _place)
    subject_link("dual_channel_prescription", _prescription)


def _region(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(RegionRules, identity) if actor.may(READ) else None
    return (found.region.name, url_for("catalogue.dual_region", region=identity)) if found else None


def _drug(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(ListedDrug, int(identity)) if actor.may(READ) else None
    return (found.entry.name, url_for("catalogue.dual_drug", drug_id=found.id)) if found else None


def _place(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    try:
        found = place_queries.one(session, int(identity), actor)
    except NotFound:
        return None
    return found.organisation.name, url_for("catalogue.dual_place", designation_id=found.id)


def _prescription(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    try:
        found = prescription_queries.one(session, int(identity), actor)
    except NotFound:
        return None
    return found.number, url_for("catalogue.dual_prescription", prescription_id=found.id)
