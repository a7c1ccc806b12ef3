"""What forms and calls of rounds carry in, and what calls carry out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import marshmallow as ma
from werkzeug.datastructures import FileStorage, MultiDict

from kernel.clock import read_beijing
from kernel.errors import Invalid, Issue
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal, places
from procurement.rounds.services.facts import Fact
from procurement.rounds.services.setup import Calendar, Filling

MOST_RULES = 200_000
Form = MultiDict[str, str]


def moment(form: Mapping[str, str], name: str, wrong: dict[str, Issue]) -> datetime | None:
    """Read a Beijing wall time to the second; blank is None."""
    written = form.get(name, "").strip()
    if not written:
        return None
    instant = read_beijing(written)
    if instant is None:
        wrong[name] = Issue("bad-moment", value=written[:40])
    return instant


def whole(form: Mapping[str, str], name: str, wrong: dict[str, Issue]) -> int:
    """Read a whole number."""
    written = form.get(name, "").strip()
    if not (written.isascii() and written.isdigit() and len(written) < 7):
        wrong[name] = Issue("not-a-whole-number", value=written)
        return 0
    return int(written)


def calendar(form: Mapping[str, str]) -> Calendar:
    """Read a calendar."""
    wrong: dict[str, Issue] = {}
    start, end = moment(form, "receives_from", wrong), moment(form, "deadline", wrong)
    found = Calendar(start, end, whole(form, "publicity_days", wrong))
    if wrong:
        raise Invalid(wrong)
    return found


def deadline(form: Mapping[str, str]) -> datetime | None:
    """Read a later deadline."""
    wrong: dict[str, Issue] = {}
    found = moment(form, "deadline", wrong)
    if wrong:
        raise Invalid(wrong)
    return found


def fillings(form: Mapping[str, str], names: Sequence[str]) -> dict[str, Filling]:
    """Read the parameters that something was typed for."""
    return {
        name: Filling(form[f"value-{name}"], form.get(f"source-{name}", ""), form.get(f"reason-{name}", ""))
        for name in names
        if form.get(f"value-{name}", "").strip()
    }


def facts(
    form: Mapping[str, str], places: Sequence[tuple[int, int, int]], columns: Sequence[str],
    stored: Mapping[tuple[int, int, int, str], str],
) -> list[Fact]:  # fmt: skip
    """Read the facts of a lot's bids that were changed on the page, with the source given for them all.

    What the page showed comes back with it, so that a cell nobody touched leaves a colleague's later value alone.
    """
    every = (Fact(*place, name, "", form.get("source", "")) for place in places for name in columns)
    typed = (replace(fact, value=form[fact.name]) for fact in every if fact.name in form)
    return [fact for fact in typed if fact.value.strip() != form.get(f"was-{fact.name}", stored.get(fact.key, ""))]


def rules_text(form: Mapping[str, str], files: MultiDict[str, FileStorage]) -> str:
    """Read a rule set of the user's own: the uploaded file, else what was pasted; empty where neither is there."""
    upload = files.get("file")
    if upload is None or not upload.filename:
        return form.get("text", "").replace("\r\n", "\n") if form.get("kind") == "own" else ""
    content = upload.stream.read(MOST_RULES + 1)
    if len(content) > MOST_RULES:
        raise Invalid({"file": Issue("rules-too-long", facts={"most": MOST_RULES})})
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Invalid({"file": Issue("rules-not-utf8")}) from error


def caps(form: Mapping[str, str]) -> dict[int, Decimal | None]:
    """Read the grid of caps: lot specification → yuan per unit, blank is none."""
    wrong: dict[str, Issue] = {}
    found: dict[int, Decimal | None] = {}
    for row in _grid(form.get("caps", "")):
        written = str(row.get("cap") or "").strip()
        try:
            place, cap = record_id(str(row.get("id"))), parse_decimal(written) if written else None
        except NotANumber:
            wrong["caps"] = Issue("bad-cap", value=written[:40])
            continue
        if place is None or (cap is not None and (cap <= 0 or places(cap) > 4)):
            wrong["caps"] = Issue("bad-cap", value=written[:40])
        else:
            found[place] = cap
    if wrong:
        raise Invalid(wrong)
    return found


def _grid(text: str) -> list[dict[str, str]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid({"caps": Issue("bad-cap", value="")}) from error
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def ordered(form: Mapping[str, str], keys: Sequence[str], *, within: Sequence[Sequence[str]] = ()) -> list[str]:
    """Put keys in the order of the numbers typed for them; `within` holds groups that are ordered one by one."""
    wrong: dict[str, Issue] = {}
    found: list[str] = []
    for group in within or (keys,):
        numbers = {key: whole(form, f"order-{key}", wrong) for key in group}
        if sorted(numbers.values()) != list(range(1, len(group) + 1)):
            wrong.setdefault("order", Issue("order-numbers", facts={"count": len(group)}))
        found += sorted(group, key=lambda key: numbers[key])
    if wrong:
        raise Invalid({"order": Issue("order-numbers", facts={"count": len(keys)})})
    return found


class RoundQuery(ma.Schema):
    """Which rounds are asked for."""

    stage = ma.fields.Str(load_default="")
    text = ma.fields.Str(load_default="")


class RoundOut(ma.Schema):
    """A round as everybody may see it."""

    id = ma.fields.Int()
    code = ma.fields.Str()
    title = ma.fields.Str()
    state = ma.fields.Str(attribute="state.value")
    rule_set = ma.fields.Str(attribute="rule_set_id")
    rules_digest = ma.fields.Str()
    receives_from = ma.fields.DateTime(attribute="box.receives_from", allow_none=True)
    deadline = ma.fields.DateTime(attribute="box.deadline", allow_none=True)
    published_at = ma.fields.DateTime(allow_none=True)
    opened_at = ma.fields.DateTime(allow_none=True)
    announced_at = ma.fields.DateTime(allow_none=True)
    publicity_ends = ma.fields.DateTime(allow_none=True)
    awarded_at = ma.fields.DateTime(allow_none=True)
    void_reason = ma.fields.Str()


class DecisionOut(ma.Schema):
    """What was decided about a bid, with every step."""

    lot = ma.fields.Int(attribute="lot.number")
    variety = ma.fields.Str(attribute="lot.variety.name")
    company = ma.fields.Str(attribute="company.name")
    company_code = ma.fields.Str(attribute="company.code")
    specification = ma.fields.Str(attribute="specification.text")
    unit_price = ma.fields.Decimal(as_string=True, allow_none=True)
    comparable_price = ma.fields.Decimal(as_string=True, allow_none=True)
    rank = ma.fields.Int(allow_none=True)
    outcome = ma.fields.Str(attribute="outcome.value")
    decided_by = ma.fields.Str()
    reason = ma.fields.Str()
    winning_price = ma.fields.Decimal(as_string=True, allow_none=True)
    change_to = ma.fields.Decimal(as_string=True, allow_none=True)
    change_becomes = ma.fields.Str()
    main_regions = ma.fields.Int(allow_none=True)
    ratio = ma.fields.Decimal(as_string=True, allow_none=True)
    steps = ma.fields.List(ma.fields.Dict())
