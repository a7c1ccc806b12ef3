"""The act that issues a round's letters."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.i18n import _
from kernel.web import flash_done, redirect_to
from procurement.agreements.letters import services


def issue(call: Call, round_id: int) -> Response:
    """Issue every letter that is due and was not issued yet."""
    made = services.issue(call.session, round_id=round_id, actor=call.actor, at=call.at)
    flash_done(_("%(count)s letters were issued.", count=made))
    return redirect_to("procurement.round_letters", round_id=round_id)
