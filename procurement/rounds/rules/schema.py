"""The parameters a rule set may hold, and what a value of each has to look like.

A rule set is data: this table is the whole vocabulary, and nothing in the evaluation knows a rule set by its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.errors import Said
from procurement.dossiers.flow import COMPANY_ONLY, PRODUCT_ONLY, DocumentKind
from procurement.rounds.rules.values import (
    SHARE,
    Check,
    choice,
    counts,
    day,
    each,
    flag,
    keys,
    named,
    number,
    text,
    tiers,
    whole,
)

MOST_YEARS = 50
OF_COMPANY = tuple(kind.value for kind in DocumentKind if kind not in PRODUCT_ONLY)
OF_PRODUCT = tuple(kind.value for kind in DocumentKind if kind not in COMPANY_ONLY)

SCHEMA: Mapping[str, Check] = {
    "bidder.unit": choice("company", "product"),
    "bidder.per_company_maximum": whole(1),
    "bidder.sum_components": flag,
    "bid.invalid_price": choice("refuse", "mark"),
    "bid.joint": flag,
    "bid.joint_most": whole(2, 50),
    "eligibility.company_documents": each(choice(*OF_COMPANY)),
    "eligibility.product_documents": each(choice(*OF_PRODUCT)),
    "eligibility.valid_at": choice("deadline", "opening"),
    "eligibility.unmet": choice("refuse", "mark"),
    "count.basis": choice("declared", "valid"),
    "shortlist.table": counts,
    "shortlist.fixed": whole(1),
    "shortlist.ties": choice("break", "include_all"),
    "ties.keys": keys,
    "anchor.type": choice("lowest", "mean", "mean-sd"),
    "anchor.factor": number("0", above=True),
    "anchor.deviation": choice("population", "sample"),
    "limit.multiplier": number("1"),
    "cut.minimum": number("0", "1", above=True),
    "cut.reach": choice("shortlist", "all"),
    "low_price.basis": choice("comparable", "unit"),
    "low_price.any": number("0", above=True),
    "low_price.oral-solid": number("0", above=True),
    "low_price.injection": number("0", above=True),
    "low_price.other": number("0", above=True),
    "price_line.below": number("0", above=True),
    "price_line.column": text,
    "line.price": number("0", above=True),
    "line.by_class": named(number("0", above=True)),
    "line.class_column": text,
    "line.highest": named(number("0")),
    "line.price_columns": each(text),
    "elimination.enabled": flag,
    "elimination.largest": whole(1),
    "outlier.deviations": number("0", above=True),
    "outlier.ratio": SHARE,
    "revival.shortlisted": flag,
    "revival.shortlisted_sole_multiplier": number("1"),
    "revival.unlisted": flag,
    "revival.unlisted_demand_share": number("0"),
    "revival.unlisted_not_highest": flag,
    "revival.unlisted_chooses_regions": flag,
    "revival.unlisted_volume": choice("own-brand", "shared", "none"),
    "revival.reference": flag,
    "revival.reference_volume": choice("own-brand", "shared", "none"),
    "statement.below_anchor": flag,
    "statement.missing": choice("note", "bar"),
    "volume.general": each(SHARE),
    "volume.class_b": each(SHARE),
    "volume.class_c": each(SHARE),
    "volume.tiers": tiers,
    "volume.grades": named(SHARE),
    "volume.fixed": SHARE,
    "volume.incumbent": SHARE,
    "volume.other": SHARE,
    "volume.antimicrobial": SHARE,
    "volume.base_share": SHARE,
    "volume.waterfall_two": each(SHARE),
    "volume.waterfall_three": each(SHARE, least=2),
    "volume.waterfall_many": SHARE,
    "volume.counted": choice("carrying", "all", "choosing"),
    "intent.share": SHARE,
    "reassign.how": choice("lowest-first", "pro-rata", "top-unit", "by-hospital"),
    "period.by_winners": each(whole(1, MOST_YEARS)),
    "period.years": whole(1, MOST_YEARS),
    "period.until": day,
    "draft.enabled": flag,
    "draft.first_picks": whole(0),
    "draft.backup": flag,
    "supply.match": choice("region", "brand"),
    "group.column": text,
    "units.share": number("0", "1", above=True),
    "units.minimum": whole(1),
    "units.crossing_counts": flag,
    "units.commitments": each(text),
    "demand.floor": SHARE,
    "score.weights": named(number("0", above=True)),
    "score.price_formula": choice("lowest-ratio"),
    "score.trim": choice("none", "high-low"),
    "score.decimals": whole(0, 6),
    "score.conflict": choice("lot", "round"),
}

LAZY = ("low_price.oral-solid", "low_price.injection", "low_price.other", "low_price.any")
"""Parameters that are asked for only when a bid of that form is there; any other unset one stops the evaluation."""

EXCLUSIVE = (
    ("shortlist.table", "shortlist.fixed"),
    ("period.by_winners", "period.until", "period.years"),
    ("volume.general", "volume.tiers", "volume.grades", "volume.fixed", "volume.incumbent", "volume.waterfall_many"),
)
NEEDS = (
    ("limit.multiplier", "anchor.type"),
    ("outlier.deviations", "anchor.deviation"),
    ("outlier.deviations", "outlier.ratio"),
    ("cut.reach", "cut.minimum"),
    ("line.by_class", "line.class_column"),
    ("elimination.enabled", "elimination.largest"),
    ("revival.shortlisted", "limit.multiplier"),
    ("revival.unlisted", "revival.unlisted_demand_share"),
    ("revival.reference", "limit.multiplier"),
    ("statement.below_anchor", "anchor.type"),
    ("statement.missing", "statement.below_anchor"),
    ("bid.joint_most", "bid.joint"),
    ("volume.class_b", "volume.general"),
    ("volume.class_c", "volume.general"),
    ("volume.incumbent", "volume.other"),
    ("volume.waterfall_many", "volume.waterfall_two"),
    ("volume.waterfall_many", "volume.waterfall_three"),
    ("units.share", "units.minimum"),
    ("score.price_formula", "score.weights"),
    ("score.trim", "score.weights"),
    ("score.decimals", "score.weights"),
    ("score.conflict", "score.weights"),
)


def contradictions(values: Mapping[str, Any]) -> list[tuple[str, Said]]:
    """Return (parameter, what is wrong) for values that don't go together."""
    found: list[tuple[str, Said]] = []
    for names in EXCLUSIVE:
        present = [name for name in names if name in values]
        found += [(name, Said("can't stand beside %(other)s", other=present[0])) for name in present[1:]]
    lacking = ((name, other) for name, other in NEEDS if name in values and other not in values)
    found += [(name, Said("needs %(other)s", other=other)) for name, other in lacking]
    if values.get("bid.joint") is True and "bid.joint_most" not in values:
        found.append(("bid.joint", Said("needs %(other)s", other="bid.joint_most")))
    anchor = values.get("anchor.type")
    if anchor in ("mean", "mean-sd") and "anchor.factor" not in values:
        found.append(("anchor.type", Said("needs %(other)s", other="anchor.factor")))
    if anchor == "mean-sd" and "anchor.deviation" not in values:
        found.append(("anchor.type", Said("needs %(other)s", other="anchor.deviation")))
    weights = values.get("score.weights")
    if "score.price_formula" in values and isinstance(weights, dict) and "price" not in weights:
        found.append(("score.price_formula", Said("needs %(other)s", other="score.weights.price")))
    return found
