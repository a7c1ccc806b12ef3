"""Pages of prescriptions: a hospital issues them, a pharmacy dispenses and settles them, the agency watches."""

from __future__ import annotations

from typing import Any

from flask import current_app
from werkzeug.wrappers import Response

from catalogue.dual_channel import exports, schemas
from catalogue.dual_channel.flow import PRESCRIPTION_FLOW, PrescriptionAction, PrescriptionState
from catalogue.dual_channel.models.records import Prescription
from catalogue.dual_channel.queries import doctors, drugs, places, regions, stock
from catalogue.dual_channel.queries import prescriptions as queries
from catalogue.dual_channel.rules.fixings import Fixing
from catalogue.dual_channel.rules.references import SHOWN, reference_key
from catalogue.dual_channel.services import prescriptions as services
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.parties.codes import OrganisationKind
from kernel.sheets import Sheet
from kernel.web import flash_done, paginate, redirect_to, render

KEPT = "circulation.keep_months"


def index(call: Call) -> str:
    """List the prescriptions the reader may see, with the form of a new one for a hospital."""
    state = call.args.get("state", type=PrescriptionState)
    return render(
        "catalogue/dual_prescriptions.html", list=paginate(call.session, queries.found(call.actor, state)),
        states=PrescriptionState, counts=queries.state_counts(call.session, call.actor), errors=mistakes(call.error),
        values={name: text for name, text in call.form.items() if name != "patient"}, shown=SHOWN, **_issuing(call),
        kept=regions.parameters(call.session, call.actor.region or None)[KEPT],
    )  # fmt: skip


def _issuing(call: Call) -> dict[str, Any]:
    """What the form of a new prescription offers; nothing for others than a hospital's pharmacist."""
    if not call.actor.may(P.DUAL_PRESCRIBE) or call.actor.organisation_kind is not OrganisationKind.HOSPITAL:
        return {"issues": False, "doctors": [], "drugs": []}
    day = today(call.at)
    selling = drugs.on_sale(call.session, regions.upward(call.session, call.actor.region or None), day)
    found = doctors.responsible(call.session, call.actor, day)
    return {
        "issues": True, "doctors": [(each.id, each.name) for each in found],
        "drugs": [(each.id, each.entry.name) for each in selling.values()],
    }  # fmt: skip


def issue(call: Call) -> Response:
    """Issue a prescription."""
    key = reference_key(current_app.config["SETTINGS"].secret_key)
    draft = schemas.prescription(call.form)
    row = services.issue(call.session, draft=draft, key=key, actor=call.actor, at=call.at)
    flash_done(_("Prescription %(number)s was issued. Now note the pharmacy the patient chose.", number=row.number))
    return redirect_to("catalogue.dual_prescription", prescription_id=row.id)


def show(call: Call, prescription_id: int) -> str:
    """Show a prescription's way, the checklist, and the next step."""
    row = queries.one(call.session, prescription_id, call.actor)
    checked = {each["fixing"]: each["passed"] for each in row.checked}
    return render(
        "catalogue/dual_prescription.html", row=row, steps=_steps(row), shown=SHOWN, errors=mistakes(call.error),
        checks=[(fixing, checked.get(fixing.value, "later")) for fixing in Fixing],
        actions={action.value for action in PRESCRIPTION_FLOW.actions(row.state)}, values=call.form,
        **_offers(call, row),
    )  # fmt: skip


def _offers(call: Call, row: Prescription) -> dict[str, Any]:
    """The pharmacies to choose from, those that have the drug first, and the price the own pharmacy reported."""
    mine = row.hospital_id == call.actor.organisation_id
    line, pharmacies = None, list[tuple[int, str]]()
    if mine and PRESCRIPTION_FLOW.allows(row.state, PrescriptionAction.CHOOSE):
        top = (regions.upward(call.session, row.hospital.region_code) or [""])[-1]
        found = places.designated(call.session, regions.below(call.session, top), OrganisationKind.PHARMACY)
        lines = stock.latest(call.session, [each.id for each in found])
        ready = {each.id for each in found if (has := lines.get((each.id, row.drug_key))) and has.quantity > 0}
        has_it = _(" (has it)")
        pharmacies = [
            (each.id, each.shown_name + (has_it if each.id in ready else ""))
            for each in sorted(found, key=lambda each: each.id not in ready)
        ]
    elif row.pharmacy_id == call.actor.organisation_id and row.pharmacy_id is not None:
        line = stock.latest(call.session, [row.pharmacy_id]).get((row.pharmacy_id, row.drug_key))
    return {"mine": mine, "pharmacies": pharmacies, "line": line,
            "dispenses": row.pharmacy_id is not None and row.pharmacy_id == call.actor.organisation_id}  # fmt: skip


def _steps(row: Prescription) -> list[tuple[PrescriptionState, Any, str]]:
    reached = (row.issued_at, row.chosen_at, row.dispensed_at, row.settled_at)
    states = list(PrescriptionState)
    at = states.index(row.state)
    return [
        (
            state,
            when,
            "done" if place < at or row.state is PrescriptionState.SETTLED else "now" if place == at else "next",
        )
        for place, (state, when) in enumerate(zip(states, reached, strict=True))
    ]


def choose(call: Call, prescription_id: int) -> Response:
    """Note the pharmacy the patient chose."""
    pharmacy = record_id(call.form.get("pharmacy_id", "")) or 0
    services.choose(call.session, prescription_id=prescription_id, pharmacy_id=pharmacy, actor=call.actor, at=call.at)
    flash_done(_("The pharmacy was noted; the prescription waits there."))
    return redirect_to("catalogue.dual_prescription", prescription_id=prescription_id)


def dispense(call: Call, prescription_id: int) -> Response:
    """Dispense a prescription."""
    values = schemas.dispensing(call.form)
    services.dispense(call.session, prescription_id=prescription_id, **values, actor=call.actor, at=call.at)
    flash_done(_("The prescription was dispensed."))
    return redirect_to("catalogue.dual_prescription", prescription_id=prescription_id)


def settle(call: Call, prescription_id: int) -> Response:
    """Settle a prescription."""
    services.settle(call.session, prescription_id=prescription_id, actor=call.actor, at=call.at)
    flash_done(_("The prescription was settled."))
    return redirect_to("catalogue.dual_prescription", prescription_id=prescription_id)


def table(call: Call) -> Sheet:
    """Return the prescriptions that the filter shows."""
    state = call.args.get("state", type=PrescriptionState)
    return exports.prescription_sheet(call.session, queries.found(call.actor, state))
