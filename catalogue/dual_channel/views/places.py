"""Pages of designated hospitals and pharmacies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Response

from catalogue.dual_channel import exports, schemas
from catalogue.dual_channel.flow import DESIGNATION_FLOW, DesignationState, ReviewResult
from catalogue.dual_channel.models.places import Designation
from catalogue.dual_channel.queries import doctors, places, regions, stock
from catalogue.dual_channel.services import pharmacies, reviews
from catalogue.dual_channel.services import places as services
from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.parties.codes import BUYERS, OrganisationKind
from kernel.sheets import Sheet
from kernel.web import flash_done, paginate, redirect_to, render


def index(call: Call) -> str:
    """List designated places, what waits for a decision first."""
    return render(
        "catalogue/dual_places.html", list=paginate(call.session, _listed(call)), day=today(call.at),
        states=DesignationState, counts=places.state_counts(call.session, call.actor), kinds=BUYERS,
        profiles=places.profiles(call.session), regions=sorted(regions.names(call.session).items()),
        errors=mistakes(call.error), values=call.form,
    )  # fmt: skip


def _listed(call: Call) -> Any:
    asked, area = call.args, call.args.get("region", "")
    kind = asked.get("kind", type=OrganisationKind)
    return places.found(
        call.actor, regions=regions.below(call.session, area) if area else (),
        kind=kind if kind in BUYERS else None,
        state=asked.get("state", type=DesignationState), text=asked.get("q", ""),
    )  # fmt: skip


def propose(call: Call) -> Response:
    """Propose a hospital or pharmacy."""
    identity = record_id(call.form.get("organisation_id", "")) or 0
    row = services.propose(call.session, organisation_id=identity, actor=call.actor, at=call.at)
    flash_done(_("%(name)s was proposed.", name=row.organisation.name))
    return redirect_to("catalogue.dual_place", designation_id=row.id)


def show(call: Call, designation_id: int) -> str:
    """Show a place: state, entry conditions, reviews, what it last reported, and what can be decided."""
    row, day = places.one(call.session, designation_id, call.actor), today(call.at)
    hospital = row.organisation.kind is OrganisationKind.HOSPITAL
    return render(
        "catalogue/dual_place.html", row=row, day=day, hospital=hospital, results=ReviewResult,
        actions={action.value for action in DESIGNATION_FLOW.actions(row.state)},
        profile=places.profile(call.session, row.organisation_id), errors=mistakes(call.error), values=call.form,
        doctors=doctors.number(call.session, row.organisation_id, day) if hospital else None,
        reported=stock.reported_on(call.session, [row.organisation_id]).get(row.organisation_id),
        second=call.actor.user_id != row.proposed_by, own=row.organisation_id == call.actor.organisation_id,
    )  # fmt: skip


def publicise(call: Call, designation_id: int) -> Response:
    """Make a proposal public."""
    return _done(call, designation_id, services.publicise)


def designate(call: Call, designation_id: int) -> Response:
    """Designate a place."""
    return _done(call, designation_id, services.designate)


def restore(call: Call, designation_id: int) -> Response:
    """Let a suspended place dispense again."""
    return _done(call, designation_id, services.restore)


def _done(call: Call, designation_id: int, verb: Callable[..., Designation]) -> Response:
    version = schemas.version(call.form)
    row = verb(call.session, designation_id=designation_id, version=version, actor=call.actor, at=call.at)
    flash_done(_("%(name)s: %(state)s", name=row.organisation.name, state=label(row.state)))
    return redirect_to("catalogue.dual_place", designation_id=designation_id)


def suspend(call: Call, designation_id: int) -> Response:
    """Suspend a designation."""
    return _ended(call, designation_id, services.suspend)


def withdraw(call: Call, designation_id: int) -> Response:
    """Withdraw a designation."""
    return _ended(call, designation_id, services.withdraw)


def _ended(call: Call, designation_id: int, verb: Callable[..., Designation]) -> Response:
    row = verb(
        call.session, designation_id=designation_id, version=schemas.version(call.form),
        reason=call.form.get("reason", ""), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("%(name)s: %(state)s", name=row.organisation.name, state=label(row.state)))
    return redirect_to("catalogue.dual_place", designation_id=designation_id)


def review(call: Call, designation_id: int) -> Response:
    """Record a yearly review."""
    values, version = schemas.review(call.form), schemas.version(call.form)
    reviews.review(call.session, designation_id=designation_id, version=version, **values, actor=call.actor, at=call.at)
    flash_done(_("The review was recorded."))
    return redirect_to("catalogue.dual_place", designation_id=designation_id)


def profile(call: Call, designation_id: int) -> Response:
    """Change what is known of a pharmacy."""
    row = places.one(call.session, designation_id, call.actor)
    pharmacies.save_profile(
        call.session, organisation_id=row.organisation_id, draft=schemas.profile(call.form),
        version=schemas.version(call.form), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The changes were saved."))
    return redirect_to("catalogue.dual_place", designation_id=designation_id)


def table(call: Call) -> Sheet:
    """Return the designated places that the filter shows."""
    return exports.place_sheet(call.session, _listed(call))


def pharmacy_table(call: Call) -> Sheet:
    """Return every pharmacy, to be imported as it is."""
    return exports.pharmacy_sheet(call.session)
