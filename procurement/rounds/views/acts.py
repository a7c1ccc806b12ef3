"""Acts that move a round on, each a button with its consequence."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.i18n import _
from kernel.web import flash_done, redirect_to
from procurement.rounds.draft.services import sessions
from procurement.rounds.queries import results, rounds
from procurement.rounds.services import announcing, evaluation, opening, publishing


def publish(call: Call, round_id: int) -> Response:
    """Publish a draft."""
    publishing.publish(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("The round is published. Its rules are frozen."))
    return redirect_to("procurement.round", round_id=round_id)


def void(call: Call, round_id: int) -> Response:
    """Void a round with a reason."""
    publishing.void(
        call.session, round_id=round_id, reason=call.form.get("reason", ""), actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The round is void."))
    return redirect_to("procurement.round", round_id=round_id)


def open_bids(call: Call, round_id: int) -> Response:
    """Open all bids at once."""
    opening.open_bids(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("All bids are open. They can be evaluated now."))
    return redirect_to("procurement.round", round_id=round_id)


def evaluate(call: Call, round_id: int) -> Response:
    """Run the rules over the opened bids."""
    made = evaluation.evaluate(call.session, round_id=round_id, actor=call.actor, at=call.at)
    if made.at != call.at:
        flash_done(_("Nothing has changed since evaluation %(number)s: it stands.", number=made.number))
        return redirect_to("procurement.round", round_id=round_id)
    round_ = rounds.one(call.session, round_id, call.actor)
    changed = len(results.changes(call.session, round_, made.number))
    if made.number == 1:
        flash_done(_("The first evaluation is stored."))
    else:
        flash_done(_("Evaluation %(number)s is stored; %(changed)s changes.", number=made.number, changed=changed))
    return redirect_to("procurement.round", round_id=round_id)


def announce(call: Call, round_id: int) -> Response:
    """Announce the proposed winners."""
    text = call.form.get("text", "")
    announcing.announce(call.session, round_id=round_id, text=text, actor=call.actor, at=call.at)
    flash_done(_("The proposed winners are public."))
    return redirect_to("procurement.round", round_id=round_id)


def draft(call: Call, round_id: int) -> Response:
    """Run the region draft by preference lists."""
    turns = sessions.run(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("The regions are drafted in %(turns)s turns.", turns=turns))
    return redirect_to("procurement.round_regions", round_id=round_id)


def award(call: Call, round_id: int) -> Response:
    """Make the award final."""
    announcing.award(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("The award is final."))
    return redirect_to("procurement.round_regions", round_id=round_id)


def close(call: Call, round_id: int) -> Response:
    """Close an awarded round."""
    announcing.close(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("The round is closed."))
    return redirect_to("procurement.round", round_id=round_id)
