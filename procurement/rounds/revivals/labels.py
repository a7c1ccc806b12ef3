"""What revivals are called, and how their conditions are said."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from kernel.audit.labels import facts
from kernel.i18n import _, _l, labels
from kernel.problems import sentences
from procurement.rounds.labels.steps import Line, Step, figure, line, mean, plain
from procurement.rounds.revivals.flow import OfferAction, OfferState
from procurement.rounds.rules.model import By
from procurement.tags import Tag

labels(
    {
        OfferState.OPEN: _l("Waits for the answer"),
        OfferState.ACCEPTED: _l("Price accepted"),
        OfferState.DECLINED: _l("Price declined"),
        OfferState.LAPSED: _l("No answer in time"),
        OfferState.SUPERSEDED: _l("No longer offered"),
    }
)
labels(
    {
        OfferAction.ACCEPT: _l("Accept"),
        OfferAction.DECLINE: _l("Decline"),
        OfferAction.ACCEPT_ON_PAPER: _l("Accept on paper"),
        OfferAction.DECLINE_ON_PAPER: _l("Decline on paper"),
        OfferAction.LAPSE: _l("Let lapse"),
        OfferAction.SUPERSEDE: _l("Supersede"),
    }
)
labels(
    {
        Tag.REVIVALS_SENT: _l("Revivals offered"),
        Tag.REVIVAL_ANSWERED: _l("Revival answered"),
        Tag.REVIVAL_RECORDED: _l("Answer to a revival recorded from paper"),
        Tag.REVIVALS_LAPSED: _l("Revivals lapsed without an answer"),
        Tag.REVIVALS_SUPERSEDED: _l("Revivals no longer offered"),
    }
)
facts({"offers": _l("Offers"), "accepts": _l("Accepts"), "received": _l("Received")})
sentences(
    {
        "no-revival-due": _l("No revival of round %(code)s is due to be offered now."),
        "revival-deadline": _l("Set a deadline that lies ahead, at most %(days)s days."),
        "revival-too-late": _l(
            "The deadline of this offer, %(deadline)s, has passed; without an answer it is declined."
        ),
        "revival-answered": _l("This offer is answered already, receipt %(receipt)s. An answer is final."),
        "revival-superseded": _l("A later evaluation no longer makes this offer. Look at your offers for a new one."),
        "revival-received": _l("The answer has to have arrived between the sending and the deadline %(deadline)s."),
        "revival-choice": _l("Say whether the offer is accepted or declined."),
        "revival-not-offered": _l("Lot %(lot)s %(variety)s: %(count)s revivals are still to be offered."),
        "revival-open": _l("Lot %(lot)s %(variety)s: %(count)s offers of a revival wait for their answer or deadline."),
        "revival-unread": _l(
            "Lot %(lot)s %(variety)s: %(count)s accepted revivals wait for an evaluation that reads them."
        ),
        "revival-offered": _l("Round %(round)s %(title)s: your company may revive. Answer before %(deadline)s."),
        "revival-recorded": _l(
            "Round %(round)s %(title)s: your answer on paper to a revival is recorded, receipt %(receipt)s."
        ),
        "revival-changed": _l(
            "Round %(round)s %(title)s was evaluated again: an offer of a revival no longer stands as it was."
        ),
    }
)
KINDS = {
    By.REVIVAL_SHORTLISTED: _l("Shortlisted"),
    By.REVIVAL_UNLISTED: _l("Not shortlisted"),
    By.REFERENCE: _l("Reference preparation"),
}
CONSEQUENCES = {
    (True, "shared"): _l("Keeps its choice of regions by rank and shares in the agreed volume."),
    (False, "shared"): _l("Takes no part in choosing regions and shares in the agreed volume."),
    (True, "own-brand"): _l("Chooses regions; of the volume it keeps only the demand reported for its own brand."),
    (False, "own-brand"): _l("Takes no part in choosing regions and keeps only the demand reported for its own brand."),
    (True, "none"): _l("Chooses regions and carries no agreed volume."),
    (False, "none"): _l("Wins without agreed volume and takes no part in choosing regions."),
}
CONDITIONS = {
    "revival-provided": _l("Revival provided for"),
    "revival-demand": _l("Demand for the own brand"),
    "revival-not-highest": _l("Not the highest bid"),
    "revival-reference": _l("Reference preparation"),
    "revival-price": _l("Price to accept"),
}


def conditions(steps: Iterable[Step]) -> list[Line]:
    """Return the conditions of a revival as the table of tests shows them."""
    return [_condition(step) if step["code"] in CONDITIONS else line(step) for step in steps]


def failed(steps: Iterable[Step]) -> list[Line]:
    """Return the conditions that a bid does not meet."""
    return [one for one in conditions(steps) if not one.passed]


def _condition(step: Step) -> Line:
    code = step["code"]
    shown = line({**step, "code": "revival-shortlisted"}).source
    return Line(step.get("passed"), str(CONDITIONS[code]), _said(code, step), shown)


def _said(code: str, step: Step) -> str:
    value, limit, met = step.get("value"), step.get("limit"), bool(step.get("passed"))
    if code == "revival-provided":
        return str(_("The rules of this round have no revival for bids of this place"))
    if code == "revival-reference":
        return str(_("It is a reference preparation") if met else _("It is not a reference preparation"))
    if code == "revival-demand":
        return _demand(step, value, limit, met)
    if code == "revival-not-highest":
        words = _("%(own)s < highest bid %(highest)s") if met else _("%(own)s is the highest bid")
        return str(words % {"own": figure(value), "highest": figure(limit)})
    if limit is None:
        return str(_("Nobody won: there is no price to accept") if step.get("passed") is False else _OPEN)
    return str(_("%(price)s, own bid %(own)s", price=figure(limit), own=figure(value)))


_OPEN = _l("The price to accept depends on a draw")


def _demand(step: Step, value: str | None, limit: str | None, met: bool) -> str:
    if value is None or limit is None:
        return str(_("No demand was reported for its brand"))
    found: dict[str, Any] = {
        "own": plain(value),
        "sign": "≥" if met else "<",
        "limit": mean(limit, None if met else value),
    }
    share = step.get("facts", {}).get("share")
    if share is None or Decimal(share) == 1:
        return str(_("%(own)s %(sign)s mean over brands %(limit)s", **found))
    return str(_("%(own)s %(sign)s %(share)s × mean over brands = %(limit)s", share=plain(share), **found))
