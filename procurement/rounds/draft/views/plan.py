"""Setting a draft up, and its record as a workbook."""

from __future__ import annotations

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import Invalid, Issue, NotFound
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.web import flash_done, redirect_to, render
from procurement.rounds import schemas
from procurement.rounds.draft import exports, queries
from procurement.rounds.draft.services import sessions
from procurement.rounds.draft.services.sessions import LEAST_SECONDS, MOST_SECONDS, Setting
from procurement.rounds.queries import results, rounds, supply, takeover
from procurement.rounds.views import sending, shown


def new(call: Call, round_id: int) -> str:
    """Show the form of a new draft."""
    round_ = rounds.one(call.session, round_id, call.actor)
    evaluation = results.for_reader(call.session, round_, call.actor)
    if evaluation is None:
        raise NotFound(round=round_id)
    winners, drafted = supply.choosing(call.session, evaluation), supply.main_suppliers(call.session, round_)
    return render(
        "procurement/draft_plan.html", lots=[one for one in rounds.lots(call.session, round_) if one.id in winners],
        winners=winners, drafted=drafted, form=call.form, errors=mistakes(call.error), least=LEAST_SECONDS,
        most=MOST_SECONDS, chosen=call.form.getlist("lots") if call.error else None,
        **shown.frame(call, round_, "regions"),
    )  # fmt: skip


def create(call: Call, round_id: int) -> Response:
    """Open a draft, live or by lists at once."""
    lots, reason = _lots(call), call.form.get("reason", "")
    if call.form.get("kind") == "lists":
        count = sessions.run(
            call.session, round_id=round_id, lots=lots, reason=reason, actor=call.actor, at=call.at
        )  # fmt: skip
        flash_done(_("The regions are drafted in %(turns)s turns.", turns=count))
        return redirect_to("procurement.round_regions", round_id=round_id)
    made = sessions.open_draft(
        call.session, round_id=round_id, setting=_setting(call), lots=lots, reason=reason, actor=call.actor, at=call.at
    )
    flash_done(_("The draft is set up. Everybody who chooses is told."))
    return redirect_to("procurement.draft_board", round_id=round_id, number=made.number)


def _lots(call: Call) -> list[int]:
    numbers = [int(one) for one in call.form.getlist("lots") if one.isascii() and one.isdigit() and len(one) < 7]
    if not numbers:
        raise Invalid({"lots": Issue("no-lots-to-draft")})
    return numbers


def _setting(call: Call) -> Setting:
    wrong: dict[str, Issue] = {}
    seconds = schemas.whole(call.form, "seconds", wrong)
    at_once = schemas.whole(call.form, "at_once", wrong)
    starts_at = schemas.moment(call.form, "starts_at", wrong) if call.form.get("start") == "time" else None
    if call.form.get("start") == "time" and starts_at is None:
        wrong.setdefault("starts_at", Issue("needed"))
    if wrong:
        raise Invalid(wrong)
    return Setting(seconds, at_once, starts_at)


def record(call: Call, round_id: int, number: int, form: str) -> Response:
    """Send a draft's record: every turn, its pauses, who takes over."""
    round_ = rounds.one(call.session, round_id, call.actor)
    draft = queries.seen(call.session, round_, number, call.actor)
    found = queries.standing(call.session, draft, call.at)
    evaluation = results.latest(call.session, round_)
    lots = found.lots
    regions = supply.region_names(call.session, {code for lot in lots for code in lot.terms.regions})
    people = rounds.names(call.session, [turn.by for lot in lots for turn in lot.turns])
    names = queries.company_names(call.session, draft)
    plans = takeover.plan(call.session, round_, evaluation) if evaluation else {}
    sheets = [
        exports.turns(found, names=names, people=people, regions=regions), exports.pauses(found),
        exports.take_over(plans.values(), regions),
    ]  # fmt: skip
    return sending.sheets(sheets, f"{round_.code}-draft-{number}", form)
