"""Pages that prepare a draft: rule set and parameters, caps, calendar, notice text."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.forms import mistakes
from kernel.i18n import _
from kernel.web import flash_done, redirect_to, render
from procurement.rounds import schemas
from procurement.rounds.labels.facts import asked_in_words
from procurement.rounds.labels.parameters import PARAMETERS, STANDINGS
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import facts, rounds, rulesets
from procurement.rounds.services import setup
from procurement.rounds.sets import queries as written
from procurement.rounds.views import shown


def rules(call: Call, round_id: int) -> str:
    """Show the choice of rules and the parameters that are still unset."""
    round_ = rounds.one(call.session, round_id, call.actor)
    chosen = rulesets.chosen(round_)
    unset = [one for one in rulesets.shown(round_) if one.name in chosen.unset()]
    sets = written.choices(call.session)
    return render(
        "procurement/round_set_rules.html", sets=sets, unset=unset, chosen=chosen, words=PARAMETERS, form=call.form,
        standings=STANDINGS, later=asked_in_words(facts.asked_of(round_)),
        needed=chosen.unset_always_needed(), errors=mistakes(call.error),
        **shown.frame(call, round_, "rules"),
    )  # fmt: skip


def choose_rules(call: Call, round_id: int) -> Response:
    """Take another rule set."""
    text = schemas.rules_text(call.form, call.files)
    chosen = call.form.get("rule_set", "")
    setup.choose_rules(
        call.session, round_id=round_id, rule_set_id=chosen, text=text, actor=call.actor, at=call.at
    )  # fmt: skip
    flash_done(_("The rule set was chosen."))
    return redirect_to("procurement.round_set_rules", round_id=round_id)


def fill(call: Call, round_id: int) -> Response:
    """Fill in unset parameters."""
    round_ = rounds.one(call.session, round_id, call.actor)
    read = schemas.fillings(call.form, rulesets.chosen(round_).unset())
    setup.fill_parameters(call.session, round_id=round_id, fillings=read, actor=call.actor, at=call.at)
    flash_done(_("%(count)s parameters were filled in.", count=len(read)))
    return redirect_to("procurement.round_set_rules", round_id=round_id)


def caps(call: Call, round_id: int) -> str:
    """Show the grid of caps."""
    round_ = rounds.one(call.session, round_id, call.actor)
    rows = [
        {"id": str(spec.id), "number": lot.number, "variety": lot.variety.name, "unit": spec.specification.unit,
         "specification": spec.specification.text, "cap": format(spec.cap, "f") if spec.cap is not None else ""}
        for lot in rounds.lots(call.session, round_)
        for spec in lot.specifications
    ]  # fmt: skip
    return render(
        "procurement/round_caps.html", columns=_columns(), rows=rows, errors=mistakes(call.error),
        **shown.frame(call, round_, "caps"),
    )  # fmt: skip


def _columns() -> list[dict[str, Any]]:
    return [
        {"field": "number", "title": _("No."), "readonly": True, "width": 60},
        {"field": "variety", "title": _("Variety"), "readonly": True, "frozen": True, "width": 240},
        {"field": "specification", "title": _("Specification"), "readonly": True, "width": 140},
        {"field": "unit", "title": _("Unit"), "readonly": True, "width": 70},
        {"field": "cap", "title": _("Cap"), "unit": _("yuan/unit"), "kind": "number", "decimals": 4, "width": 130},
    ]


def save_caps(call: Call, round_id: int) -> Response:
    """Keep the caps of the grid."""
    read = schemas.caps(call.form)
    changed = setup.set_caps(call.session, round_id=round_id, caps=read, actor=call.actor, at=call.at)
    flash_done(_("%(count)s caps were changed.", count=changed))
    return redirect_to("procurement.round", round_id=round_id)


def calendar(call: Call, round_id: int) -> str:
    """Show the calendar and the notice's text."""
    round_: Round = rounds.one(call.session, round_id, call.actor)
    form: Any = call.form or {
        "receives_from": round_.box.receives_from, "deadline": round_.box.deadline, "title": round_.title,
        "publicity_days": round_.publicity_days, "notice": round_.notice,
    }  # fmt: skip
    return render(
        "procurement/round_calendar.html", form=form, errors=mistakes(call.error),
        **shown.frame(call, round_, "calendar"),
    )  # fmt: skip


def save_calendar(call: Call, round_id: int) -> Response:
    """Keep the calendar and the notice's text."""
    read, form = schemas.calendar(call.form), call.form
    setup.set_calendar(call.session, round_id=round_id, calendar=read, actor=call.actor, at=call.at)
    setup.describe(
        call.session, round_id=round_id, title=form.get("title", ""), notice=form.get("notice", ""), actor=call.actor,
        at=call.at,
    )  # fmt: skip
    flash_done(_("The calendar was saved."))
    return redirect_to("procurement.round", round_id=round_id)
