"""Pages of owners and relations: a company's own statement, and what the agency decides."""

from __future__ import annotations

from datetime import date

from werkzeug.wrappers import Response

from catalogue.drugs.relations import queries, schemas, services
from catalogue.drugs.relations.flow import PROFILE_FLOW, ProposalState
from catalogue.drugs.rules.relations import Ground
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.web import flash_done, redirect_to, render


def own(call: Call) -> str:
    """Show the company's statement about its owners, as a form."""
    said = queries.profile(call.session, call.actor.organisation_id)
    return render(
        "catalogue/profile_form.html", said=said, values=call.form, errors=mistakes(call.error),
        holders=call.form.get("holders") if call.form else schemas.holder_lines(said),
    )  # fmt: skip


def file(call: Call) -> Response:
    """State who represents, controls and owns the company."""
    services.file_profile(
        call.session, draft=schemas.profile(call.form), version=record_id(call.form.get("version", "")),
        actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The statement was filed. The agency checks it."))
    return redirect_to("catalogue.profile")


def show(call: Call, company_id: int) -> str:
    """Show a company's statement, and let the agency check it."""
    said = queries.visible_profile(call.session, company_id, call.actor)
    return render(
        "catalogue/profile.html", said=said, errors=mistakes(call.error), values=call.form,
        actions={action.value for action in PROFILE_FLOW.actions(said.state)},
        decides=call.actor.may(P.CATALOGUE_WRITE),
    )  # fmt: skip


def confirm_profile(call: Call, company_id: int) -> Response:
    """Say that a statement is right."""
    version = record_id(call.form.get("version", ""))
    services.confirm_profile(call.session, company_id=company_id, version=version, actor=call.actor, at=call.at)
    flash_done(_("The statement is marked as checked; the catalogue has it."))
    return redirect_to("catalogue.relations")


def send_back_profile(call: Call, company_id: int) -> Response:
    """Send a statement back to its company."""
    services.send_back_profile(
        call.session, company_id=company_id, note=call.form.get("note", "")[:500],
        version=record_id(call.form.get("version", "")), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The statement was sent back; its company is told."))
    return redirect_to("catalogue.relations")


def index(call: Call) -> str:
    """Show what waits: statements to check, relations to decide; and what was decided."""
    return render(
        "catalogue/relations.html", proposals=queries.proposals(call.session, ProposalState.PROPOSED),
        filed=queries.filed(call.session), decided=queries.decided(call.session), grounds=Ground,
        line=queries.share_line(call.session), errors=mistakes(call.error), values=call.form, day=today(call.at),
    )  # fmt: skip


def again(call: Call, proposal_id: int) -> str:
    """Show the list with what was refused about one proposal."""
    return index(call)


def look(call: Call) -> Response:
    """Look for relations now."""
    count = services.look(call.session, actor=call.actor, at=call.at)
    flash_done(_("Looked through all companies: %(count)s new proposals.", count=count))
    return redirect_to("catalogue.relations")


def say_share(call: Call) -> Response:
    """Say from which share on a common holder is a ground."""
    share, source = schemas.share_line(call.form)
    services.say_share(call.session, share=share, source=source, actor=call.actor, at=call.at)
    flash_done(_("The share was kept, and all companies were looked through again."))
    return redirect_to("catalogue.relations")


def confirm(call: Call, proposal_id: int) -> Response:
    """Confirm a relation."""
    read = schemas.decision(call.form)
    read["since"] = read["since"] if read["since"] > date.min else today(call.at)
    version = record_id(call.form.get("version", ""))
    group = services.confirm(
        call.session, proposal_id=proposal_id, version=version, **read, actor=call.actor, at=call.at
    )
    flash_done(_("They count as one bidder in “%(name)s”.", name=group.name))
    return redirect_to("catalogue.relations")


def reject(call: Call, proposal_id: int) -> Response:
    """Reject a proposal."""
    reason, version = schemas.decision(call.form)["reason"], record_id(call.form.get("version", ""))
    services.reject(call.session, proposal_id=proposal_id, reason=reason, version=version, actor=call.actor, at=call.at)
    flash_done(_("The proposal was rejected; it comes back only with other grounds."))
    return redirect_to("catalogue.relations")
