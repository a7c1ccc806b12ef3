"""What a round gives out as files: decisions, awards, regions, the flat table, its rules, its result as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence

from flask import send_file
from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.errors import NotFound
from kernel.sheets import CSV, XLSX, Sheet, write_csv, xlsx
from procurement.bids.joints import queries as joints
from procurement.rounds import exports
from procurement.rounds.models.evaluations import Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, rulesets, supply
from procurement.rounds.queries.table import bid_table


def _found(call: Call, round_id: int) -> tuple[Round, Evaluation]:
    round_ = rounds.one(call.session, round_id, call.actor)
    evaluation = results.for_reader(call.session, round_, call.actor)
    if evaluation is None:
        raise NotFound(round=round_id)
    return round_, evaluation


def _joints(call: Call, round_: Round) -> exports.Joints:
    return joints.standing(call.session, round_.box_id)


def _send(content: bytes, kind: str, name: str) -> Response:
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name, max_age=0)


def _sheet(sheet: Sheet, name: str, form: str) -> Response:
    return sheets([sheet], name, form)


def sheets(found: Sequence[Sheet], name: str, form: str) -> Response:
    """Send sheets as a workbook, or the first of them as .csv; any other form is NotFound."""
    sheet = found[0]
    if form == "xlsx":
        return _send(xlsx(found), XLSX, f"{name}.xlsx")
    if form != "csv":
        raise NotFound(form=form)
    out = io.BytesIO()
    write_csv(out, sheet.headers, sheet.rows)
    return _send(out.getvalue(), CSV, f"{name}.csv")


def decisions(call: Call, round_id: int, form: str) -> Response:
    """Send every decision with its steps in words."""
    round_, evaluation = _found(call, round_id)
    return _sheet(
        exports.decisions(results.decisions(call.session, evaluation), _joints(call, round_)),
        f"{round_.code}-decisions",
        form,
    )


def awards(call: Call, round_id: int, form: str) -> Response:
    """Send the awards with their agreed volumes."""
    round_, _evaluation = _found(call, round_id)
    return _sheet(
        exports.awards(supply.award_rows(call.session, round_), _joints(call, round_)), f"{round_.code}-awards", form
    )


def regions(call: Call, round_id: int, form: str) -> Response:
    """Send the region draft."""
    round_, _evaluation = _found(call, round_id)
    lots = {lot.id: (lot.number, lot.variety.name) for lot in rounds.lots(call.session, round_)}
    return _sheet(exports.picks(supply.picks(call.session, round_), lots), f"{round_.code}-regions", form)


def table(call: Call, round_id: int, form: str) -> Response:
    """Send the flat table that `jicai award evaluate` reads."""
    round_, _evaluation = _found(call, round_id)
    headers, rows = exports.table(bid_table(call.session, round_))
    return _sheet(Sheet("bids", headers, rows), f"{round_.code}-table", form)


def result(call: Call, round_id: int) -> Response:
    """Send the result as the command line writes it for the same table."""
    round_, _evaluation = _found(call, round_id)
    found = exports.result(bid_table(call.session, round_), rulesets.in_force(round_))
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    return _send(text.encode(), "application/json", f"{round_.code}-result.json")


def draws(call: Call, round_id: int) -> Response:
    """Send the recorded draws as `jicai award evaluate --draws` reads them."""
    round_, _evaluation = _found(call, round_id)
    found = bid_table(call.session, round_).draws
    text = json.dumps({name: list(order) for name, order in found.items()}, ensure_ascii=False, indent=2) + "\n"
    return _send(text.encode(), "application/json", f"{round_.code}-draws.json")


def rules(call: Call, round_id: int) -> Response:
    """Send the frozen rule set as a .toml file that the command line reads."""
    round_ = rounds.one(call.session, round_id, call.actor)
    if not round_.rules_digest:
        raise NotFound(round=round_id)
    return _send(round_.rule_set_text.encode(), "application/toml", f"{round_.code}-rules.toml")
