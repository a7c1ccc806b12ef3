"""The record of a round: its lots and results, its rules, what a company got."""

from __future__ import annotations

from typing import Any

from kernel.calls import Call
from kernel.problems import sentence
from kernel.web import render
from procurement.bids.joints import queries as joints
from procurement.rounds.flow import RoundState
from procurement.rounds.labels.facts import asked_in_words
from procurement.rounds.labels.names import FIELDS
from procurement.rounds.labels.parameters import GROUPS, PARAMETERS, STANDINGS, in_words
from procurement.rounds.labels.steps import flip, lines
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import facts, notice, results, rounds, rulesets
from procurement.rounds.revivals import queries as revivals
from procurement.rounds.revivals.labels import CONSEQUENCES, KINDS, conditions
from procurement.rounds.services.publishing import missing
from procurement.rounds.views import shown


def show(call: Call, round_id: int) -> str:
    """Show a round: what is missing while it is a draft, its lots, and once it is evaluated what became of them."""
    round_ = rounds.one(call.session, round_id, call.actor)
    values = shown.frame(call, round_, "lots") | {"lots": rounds.lots(call.session, round_)}
    if round_.state is RoundState.DRAFT:
        values["missing"] = _missing(call, round_)
    if values["inside"] and round_.opened_at:
        values["names"] = shown.people(call, round_, None)
    if values["sees_results"]:
        values |= _results(call, round_)
    values["extensions"] = notice.extensions(call.session, round_)
    return render("procurement/round_record.html", **values)


def _missing(call: Call, round_: Round) -> dict[str, list[str]]:
    """What keeps a draft from being published, by the part of the set-up it belongs to."""
    found: dict[str, list[str]] = {}
    for issue in missing(call.session, round_, call.at):
        found.setdefault(issue.column, []).append(sentence(issue))
    return found


def _results(call: Call, round_: Round) -> dict[str, Any]:
    evaluation = results.for_reader(call.session, round_, call.actor)
    if evaluation is None:
        return {"evaluation": None}
    return {
        "evaluation": evaluation,
        "found": {one.lot_id: one for one in results.lot_results(call.session, evaluation)},
        "winners": results.winners_by_lot(call.session, evaluation),
        "said": shown.said,
        "totals": results.totals(call.session, evaluation),
        "changes": results.described_changes(call.session, round_, evaluation.number),
        "fields": FIELDS,
        "names": shown.people(call, round_, evaluation),
        "accepted": revivals.accepted_in(call.session, round_),
        "kinds": KINDS,
        "own": call.actor.organisation_id in results.companies(call.session, evaluation),
    }


def rules(call: Call, round_id: int) -> str:
    """Show the rules in words, each with its source and standing."""
    round_ = rounds.one(call.session, round_id, call.actor)
    found = {one.name: one for one in rulesets.shown(round_)}
    groups = [
        (title, [one for name, one in found.items() if name.split(".")[0] in prefixes]) for title, prefixes in GROUPS
    ]
    return render(
        "procurement/round_rules.html", groups=groups, words=PARAMETERS, in_words=in_words, standings=STANDINGS,
        rule_set=rulesets.in_force(round_), later=asked_in_words(facts.asked_of(round_)),
        **shown.frame(call, round_, "rules"),
    )  # fmt: skip


def mine(call: Call, round_id: int) -> str:
    """Show a company its own results with their reasons."""
    round_ = rounds.one(call.session, round_id, call.actor)
    evaluation = results.for_reader(call.session, round_, call.actor)
    found = results.own(call.session, evaluation, call.actor)
    standing = joints.standing(call.session, round_.box_id) if evaluation else {}
    return render(
        "procurement/round_mine.html", found=found, joints=standing, lines=lines, flip=flip, reason=shown.reason_of,
        conditions=conditions, kinds=KINDS, consequences=CONSEQUENCES,
        **shown.frame(call, round_, "mine"),
    )  # fmt: skip
