"""Pages of joint bids: propose one, answer to it, end it, read its agreement."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.errors import NotFound
from kernel.files.queries import of_parent
from kernel.files.queries import one as one_file
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.identity import record_id
from kernel.sending import attachment
from kernel.templating import nearness
from kernel.web import Queue, QueueRow, flash_done, moment, redirect_to, render
from procurement.bids import queries as bids
from procurement.bids.joints import queries, services
from procurement.bids.joints.flow import settled
from procurement.bids.joints.rules import Part
from procurement.bids.joints.services import Agreement


def form(call: Call, box_id: int, lot_id: int) -> str:
    """Show the form that proposes a joint for a lot."""
    box = bids.box(call.session, box_id, call.actor)
    mine = bids.my_bid(bids.my_bids(call.session, box, call.actor), lot_id)
    if not box.joint_most:
        raise NotFound(box=box_id)
    able = queries.able(call.session, lot_id)
    others = [(each.id, each.shown_name) for each in able.values() if each.id != call.actor.organisation_id]
    rows: list[tuple[int | str, str]] = [(part.company_id, part.typed) for part in _members(call.form)]
    rows += [("", "")] * (min(box.joint_most - 1, len(others)) - len(rows))
    return render(
        "procurement/joint_form.html", box=box, mine=mine, others=others, rows=rows, form=call.form,
        errors=mistakes(call.error),
        receiving=bids.is_receiving(box, call.at), company=bids.company_of(call.session, call.actor),
    )  # fmt: skip


def propose(call: Call, box_id: int, lot_id: int) -> Response:
    """Ask the members."""
    made = services.propose(
        call.session, box_id=box_id, lot_id=lot_id, own_share=call.form.get("share-own", ""),
        members=_members(call.form), agreement=_agreement(call), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The members are asked. The joint can bid once all of them have confirmed."))
    return redirect_to("procurement.joint", joint_id=made.id)


def _members(form: MultiDict[str, str]) -> list[Part]:
    """Read the rows in which a member was chosen or a share typed; a row without a company names none."""
    rows = sorted(row for name in form if name.startswith("member-") and (row := record_id(name[7:])) is not None)
    typed = [(form.get(f"member-{row}", ""), form.get(f"share-{row}", "").strip()) for row in rows]
    return [Part(record_id(company) or 0, share) for company, share in typed if company or share]


def _agreement(call: Call) -> Agreement:
    sent = call.files.get("agreement")
    return Agreement(sent.filename or "", sent.read()) if sent else Agreement("", b"")


def show(call: Call, joint_id: int) -> str:
    """Show a joint with its members, their shares and answers."""
    found = queries.one(call.session, joint_id, call.actor)
    mine = next((each for each in found.members if each.company_id == call.actor.organisation_id), None)
    return render(
        "procurement/joint.html", joint=found, mine=mine, state=settled(found.state, found.box.deadline, call.at),
        receiving=bids.is_receiving(found.box, call.at), files=of_parent(call.session, queries.PARENT, found.id),
        sealed=mine is not None and queries.has_bid(call.session, found.box_id, found.lot_id, found.lead_id),
        open_=found.box.deadline is not None and call.at < found.box.deadline,
    )  # fmt: skip


def file(call: Call, joint_id: int, file_id: int) -> Response:
    """Give out the agreement."""
    found = queries.one(call.session, joint_id, call.actor)
    return attachment(one_file(call.session, file_id, parent_kind=queries.PARENT, parent_id=found.id))


def confirm(call: Call, joint_id: int) -> Response:
    """Join."""
    services.confirm(call.session, joint_id=joint_id, actor=call.actor, at=call.at)
    flash_done(_("Confirmed. The lead hands the bid in for all of you."))
    return redirect_to("procurement.joint", joint_id=joint_id)


def decline(call: Call, joint_id: int) -> Response:
    """Decline, or leave."""
    services.decline(call.session, joint_id=joint_id, actor=call.actor, at=call.at)
    flash_done(_("Declined. Your company may bid for the lot on its own."))
    return redirect_to("procurement.joint", joint_id=joint_id)


def dissolve(call: Call, joint_id: int) -> Response:
    """End the joint."""
    services.dissolve(call.session, joint_id=joint_id, actor=call.actor, at=call.at)
    flash_done(_("The joint is dissolved; every company may bid on its own."))
    return redirect_to("procurement.joint", joint_id=joint_id)


def queue(session: Session, actor: Actor, at: datetime) -> Queue | None:
    """Show on the first page which joints wait for the company's answer; no queue where none does."""
    found = queries.asked(session, actor, at)
    rows = [
        QueueRow(
            what=_("Bid jointly for %(variety)s", variety=each.lot.variety.name),
            url=url_for("procurement.joint", joint_id=each.id), due=moment(each.box.deadline),
            tone=nearness(each.box.deadline or at, at).tone, detail=_("%(lead)s leads", lead=each.lead.shown_name),
            amount=each.box.code,
        )
        for each in found
    ]  # fmt: skip
    if not rows:
        return None
    return Queue(_("Joint bids to answer"), _("Beijing time"), rows[:3], len(rows), url_for("procurement.bids"), "")
