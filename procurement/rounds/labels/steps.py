"""The steps of a decision in words, with the numbers that were compared."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel.i18n import _ as gettext
from kernel.i18n import _l
from kernel.money import places, round_amount, round_price, working
from kernel.templating import percent, price
from procurement.rounds.flow import Outcome
from procurement.rounds.labels.facts import named
from procurement.rounds.labels.parameters import SIGNS
from procurement.rounds.models.evaluations import Decision

Step = Mapping[str, Any]
TESTS = ("multiplier", "cut", "low-price", "price-line")
REVIVALS = ("revival-shortlisted", "revival-unlisted", "reference-preparation")
NAMES = {
    "valid-bid": _l("Validity"),
    "related-bidder": _l("Related companies"),
    "outlier": _l("Outlier line"),
    "score": _l("Composite score"),
    "shortlist": _l("Shortlist"),
    "per-company-maximum": _l("Most per company"),
    "multiplier": _l("Limit"),
    "cut": _l("Cut against the cap"),
    "low-price": _l("Low price"),
    "price-line": _l("Price line"),
    "line": _l("Price line"),
    "condition": _l("Condition"),
    "revival-shortlisted": _l("Revival"),
    "revival-unlisted": _l("Revival"),
    "reference-preparation": _l("Reference preparation"),
    "elimination": _l("Elimination across varieties"),
    "statement": _l("Statement of reasons"),
    "statement-missing": _l("Statement of reasons"),
}
FAULTS = {
    "no-price": _l("No price was bid; it counts among the bidders and can't win"),
    "not-positive": _l("%(value)s is not above zero; it counts among the bidders and can't win"),
    "too-precise": _l("%(value)s has more than 4 decimals; it counts among the bidders and can't win"),
    "over-cap": _l("%(value)s > highest valid bid %(limit)s; it counts among the bidders and can't win"),
}
REFERENCE = re.compile(r"（[^（）]*§[^（）]*）$")
SOURCES = {"cap": _l("the round's caps"), "group": _l("related companies")}


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


@dataclass(frozen=True, slots=True)
class Line:
    """A step as the table under a bid shows it; `passed` None: applies without a test."""

    passed: bool | None
    test: str
    calc: str
    source: str


def lines(decision: Decision) -> list[Line]:
    """Return the steps that mattered: once a test lets a bid win, the alternatives after it are left out."""
    return [line(step) for step in _that_mattered(decision)]


def _that_mattered(decision: Decision) -> list[Step]:
    steps: Sequence[Step] = decision.steps
    out_of_list = any(step["code"] == "shortlist" and step.get("passed") is False for step in steps)
    kept: list[Step] = []
    decided = False
    for step in steps:
        code, passed = step["code"], step.get("passed")
        if code in TESTS and (out_of_list or decided) and not passed:
            continue
        if code == "statement" and passed:
            continue
        kept.append(step)
        decided = decided or (code in TESTS and bool(passed))
    return kept


def line(step: Step) -> Line:
    """Write one step."""
    code = step["code"]
    write = _WRITERS.get(code, _compared)
    source = step.get("source", "")
    passed = step.get("passed")
    applies = (code in REVIVALS and passed) or code == "statement"
    shown = str(SOURCES.get(source, REFERENCE.sub("", source)))
    return Line(None if applies else passed, str(NAMES.get(code, code)), write(step), shown)


def flip(decision: Decision) -> str:
    """Say which own price would have altered the outcome, everybody else's unchanged."""
    if decision.change_to is None:
        return _("None: no other price of its own would have altered the outcome.")
    to, own = price(decision.change_to), decision.unit_price
    lower = own is None or decision.change_to < own
    if decision.change_becomes == "open":
        return _("At %(price)s, the others unchanged, it would have stood in a tie for the last place.", price=to)
    if decision.change_becomes == "won":
        words = _("At %(price)s or less, the others unchanged, it would have won.", price=to)
        return words if lower else _("At %(price)s, the others unchanged, it would have won.", price=to)
    if decision.outcome is Outcome.TIED or lower:
        return _("At %(price)s, the others unchanged, it would not have won.", price=to)
    return _("From %(price)s up, the others unchanged, it would not have won.", price=to)


def figure(text: str | None) -> str:
    """Write a number of a step: prices with at least 4 decimals, longer ones as they are."""
    if text is None:
        return "—"
    value = Decimal(text)
    return format(value.normalize(), "f") if places(value) > 4 else f"{value:.4f}"


def rounded(text: str | None, beside: str | None = None) -> str:
    """Write a line to 4 decimals, but as it is where rounding would make it equal to what it is compared with."""
    if text is None:
        return "—"
    short = round_price(Decimal(text))
    return figure(text) if beside is not None and short == Decimal(beside) else format(short, "f")


def plain(text: str | None) -> str:
    """Write a quantity or count without idle zeros, in groups of three."""
    return "—" if text is None else f"{Decimal(text).normalize():,f}"


def mean(text: str | None, beside: str | None) -> str:
    """Write a mean of quantities to 2 decimals, but as it is where that would make it equal to what stands beside."""
    short = round_amount(Decimal(text or 0))
    return plain(text if text is None or Decimal(beside or -1) == short else f"{short:f}")


def _facts(step: Step) -> Mapping[str, Any]:
    found: Mapping[str, Any] = step.get("facts", {})
    return found


def _sign(step: Step) -> str:
    return SIGNS[step.get("relation") or "<=", bool(step.get("passed"))]


def _compared(step: Step) -> str:
    return f"{figure(step.get('value'))} {_sign(step)} {figure(step.get('limit'))}"


def _valid(step: Step) -> str:
    value, limit = figure(step.get("value")), figure(step.get("limit"))
    fault = _facts(step).get("fault")
    if fault:
        return str(FAULTS[fault]) % {"value": value if fault != "too-precise" else step.get("value"), "limit": limit}
    return _("%(value)s ≤ highest valid bid %(limit)s", value=value, limit=limit)


def _related(step: Step) -> str:
    company = _facts(step)["stands_for_group"]
    return _("%(company)s bid %(limit)s and stands for the group", company=company, limit=figure(step.get("limit")))


def _outlier(step: Step) -> str:
    facts = {"value": figure(step.get("value")), "limit": figure(step.get("limit"))}
    if step.get("passed"):
        return _("%(value)s ≥ outlier line %(limit)s", **facts)
    return _("%(value)s < outlier line %(limit)s: takes no place", **facts)


def _score(step: Step) -> str:
    parts = [f"{named(f'score_{name}')} {plain(weight)} × {plain(own)}" for name, weight, own in _facts(step)["parts"]]
    return f"{' + '.join(parts)} = {plain(step.get('value'))}"


def _shortlist(step: Step) -> str:
    facts, rank, k = _facts(step), plain(step.get("value")), step.get("limit")
    if k is None:
        return _("Rank %(rank)s of %(n)s bidders; every valid bid stands", rank=rank, n=facts.get("n"))
    if "tied" in facts:
        return _(
            "Rank %(rank)s shared by %(tied)s for %(places)s places: waits for a draw",
            rank=rank, tied="、".join(facts["tied"]), places=facts["places"],
        )  # fmt: skip
    said = _("Rank %(rank)s; %(n)s bidders, at most %(k)s shortlisted", rank=rank, n=facts.get("n"), k=plain(k))
    if "parted_by" in facts:
        said += "; " + _("equal prices parted by %(key)s", key=facts["parted_by"])
    return said


def _maximum(step: Step) -> str:
    return _("Beyond the %(most)s bids a company may win with", most=plain(step.get("limit")))


def _limit(step: Step) -> str:
    facts = _facts(step)
    value, limit = Decimal(step["value"]), Decimal(step["limit"])
    with working():
        away = abs(limit - value)
        share = percent(away / limit, 2) if limit else "—"
    said = _(
        "%(value)s %(sign)s %(multiplier)s × anchor %(anchor)s = %(limit)s",
        value=figure(step["value"]), sign=_sign(step), multiplier=plain(facts.get("multiplier")),
        anchor=rounded(facts.get("anchor")), limit=rounded(step["limit"], step["value"]),
    )  # fmt: skip
    if value == limit:
        return said
    told = {"said": said, "away": rounded(format(away, "f"), "0"), "share": share}
    if value < limit:
        return _("%(said)s, %(away)s below (%(share)s %%)", **told)
    return _("%(said)s, %(away)s above (%(share)s %%)", **told)


def _cut(step: Step) -> str:
    facts = _facts(step)
    return _(
        "%(value)s %(sign)s cap %(cap)s less %(cut)s %% = %(limit)s",
        value=figure(step.get("value")), sign=_sign(step), cap=figure(facts.get("cap")),
        cut=percent(Decimal(facts["cut"]), 2), limit=figure(step.get("limit")),
    )  # fmt: skip


def _named(words: Any) -> Callable[[Step], str]:
    def write(step: Step) -> str:
        facts = {"value": figure(step.get("value")), "sign": _sign(step), "limit": figure(step.get("limit"))}
        return str(words) % facts

    return write


def _condition(step: Step) -> str:
    column = _facts(step).get("column", "")
    return f"{column}: {plain(step.get('value'))} {_sign(step)} {plain(step.get('limit'))}"


def _revival(step: Step) -> str:
    limit, offer = step.get("limit"), _facts(step).get("offer")
    if limit is None:
        return _("The price to accept depends on a draw")
    if step.get("passed"):
        return _("Accepted %(price)s", price=figure(limit))
    return _("May accept %(price)s; has not", price=figure(limit)) if not offer else _("Offered, but not allowed")


def _unlisted(step: Step) -> str:
    facts = _facts(step)
    sign = "≥" if facts.get("demand_reached") else "<"
    words = _("Demand for its brand %(own)s %(sign)s mean over brands %(mean)s")
    said = [words % {"own": plain(step.get("value")), "sign": sign, "mean": mean(step.get("limit"), step.get("value"))}]
    if step.get("value") is None:
        said = [_("No demand was reported for its brand")]
    if not facts.get("not_highest"):
        said.append(_("the highest bid"))
    if facts.get("demand_reached") and facts.get("not_highest"):
        words = _("accepted %(price)s") if step.get("passed") else _("may accept %(price)s; has not")
        said.append(words % {"price": figure(facts.get("price_to_accept"))})
    return "; ".join(said)


def _elimination(step: Step) -> str:
    return _("Highest to lowest %(value)s, among the largest of the round", value=figure(step.get("value")))


def _statement(step: Step) -> str:
    facts = {"value": figure(step.get("value")), "limit": figure(step.get("limit"))}
    return _("%(value)s < anchor %(limit)s: a statement of reasons with the cost composition is due", **facts)


def _without_statement(step: Step) -> str:
    if _facts(step).get("statement") == "refused":
        return _("The statement of reasons was refused; the bid can't win")
    return _("No statement of reasons was submitted in time; the bid can't win")


_WRITERS: dict[str, Callable[[Step], str]] = {
    "valid-bid": _valid,
    "related-bidder": _related,
    "outlier": _outlier,
    "score": _score,
    "shortlist": _shortlist,
    "per-company-maximum": _maximum,
    "multiplier": _limit,
    "cut": _cut,
    "low-price": _named(_l("%(value)s %(sign)s low-price line %(limit)s")),
    "price-line": _named(_l("%(value)s %(sign)s price line %(limit)s")),
    "line": _named(_l("%(value)s %(sign)s price line %(limit)s")),
    "condition": _condition,
    "revival-shortlisted": _revival,
    "revival-unlisted": _unlisted,
    "reference-preparation": _revival,
    "elimination": _elimination,
    "statement": _statement,
    "statement-missing": _without_statement,
}
