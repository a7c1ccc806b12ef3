"""The parameters of rule sets in words, and the signs of comparisons."""

from __future__ import annotations

import json
from typing import Any

from kernel.i18n import _, _l, label, listed
from procurement.dossiers.flow import DocumentKind
from procurement.rounds.labels.facts import named

SIGNS = {
    ("<=", True): "≤",
    ("<=", False): ">",
    ("<", True): "<",
    ("<", False): "≥",
    (">=", True): "≥",
    (">=", False): "<",
}
PARAMETERS = {
    "bidder.unit": _l("Who bids"),
    "bidder.per_company_maximum": _l("Most winning bids per company"),
    "bidder.sum_components": _l("Components add up to a system price"),
    "bid.invalid_price": _l("Invalid prices at the upload"),
    "bid.joint": _l("Joint bids"),
    "bid.joint_most": _l("Most companies of a joint bid"),
    "eligibility.company_documents": _l("Documents asked of the company"),
    "eligibility.product_documents": _l("Documents asked of each product"),
    "eligibility.valid_at": _l("The day on which they must be valid"),
    "eligibility.unmet": _l("Bids that lack a document"),
    "count.basis": _l("Who counts among the bidders"),
    "shortlist.table": _l("Shortlist by number of bidders"),
    "shortlist.fixed": _l("Shortlist, fixed size"),
    "shortlist.ties": _l("Ties across the last place"),
    "ties.keys": _l("Keys that decide equal bids"),
    "anchor.type": _l("Anchor"),
    "anchor.factor": _l("Factor of the anchor"),
    "anchor.deviation": _l("Standard deviation of"),
    "limit.multiplier": _l("Limit, multiple of the anchor"),
    "cut.minimum": _l("Smallest cut against the cap"),
    "cut.reach": _l("Whom the cut saves"),
    "low_price.basis": _l("Low price is measured by"),
    "low_price.any": _l("Low-price line, yuan"),
    "low_price.oral-solid": _l("Low-price line of oral solids, yuan"),
    "low_price.injection": _l("Low-price line of injections, yuan"),
    "low_price.other": _l("Low-price line of other forms, yuan"),
    "price_line.below": _l("Wins below, yuan"),
    "price_line.column": _l("Column of the price line"),
    "line.price": _l("Price line, yuan"),
    "line.by_class": _l("Price lines by class"),
    "line.class_column": _l("Column of the class"),
    "line.highest": _l("Highest values of conditions"),
    "line.price_columns": _l("Columns of price lines"),
    "elimination.enabled": _l("Elimination across varieties"),
    "elimination.largest": _l("Varieties with the largest spread"),
    "outlier.deviations": _l("Outlier line, deviations below the mean"),
    "outlier.ratio": _l("Share of an outlier"),
    "revival.shortlisted": _l("Shortlisted bids may revive"),
    "revival.shortlisted_sole_multiplier": _l("Multiple where one bid alone passed"),
    "revival.unlisted": _l("Bids outside the shortlist may revive"),
    "revival.unlisted_demand_share": _l("Their demand, share of the mean"),
    "revival.unlisted_not_highest": _l("Not the highest bid"),
    "revival.unlisted_chooses_regions": _l("They choose regions"),
    "revival.unlisted_volume": _l("Their volume"),
    "revival.reference": _l("Reference preparations may come down"),
    "revival.reference_volume": _l("Their volume as reference preparations"),
    "statement.below_anchor": _l("Statement of reasons below the anchor"),
    "statement.missing": _l("Where a statement is missing or refused"),
    "volume.general": _l("Agreed share by winners, general"),
    "volume.class_b": _l("Agreed share by winners, class B"),
    "volume.class_c": _l("Agreed share by winners, class C"),
    "volume.tiers": _l("Agreed share by price"),
    "volume.grades": _l("Agreed share by grade"),
    "volume.fixed": _l("Agreed share"),
    "volume.incumbent": _l("Agreed share of the incumbent"),
    "volume.other": _l("Agreed share of others"),
    "volume.antimicrobial": _l("Agreed share of antimicrobials"),
    "volume.base_share": _l("Share of the demand that is the base"),
    "volume.waterfall_two": _l("Waterfall, two winners"),
    "volume.waterfall_three": _l("Waterfall, three winners"),
    "volume.waterfall_many": _l("Waterfall, more winners"),
    "volume.counted": _l("Winners that count for the share"),
    "intent.share": _l("Intended share of the demand"),
    "reassign.how": _l("How the volume of losers is reassigned"),
    "period.by_winners": _l("Years by number of winners"),
    "period.years": _l("Years"),
    "period.until": _l("Last day"),
    "draft.enabled": _l("Winners choose regions in turn"),
    "draft.first_picks": _l("Regions the first chooses first"),
    "draft.backup": _l("Backup suppliers"),
    "supply.match": _l("Demand reported for a winner's brand"),
    "group.column": _l("Column of the group"),
    "units.share": _l("Share that unit A covers"),
    "units.minimum": _l("Fewest companies in unit A"),
    "units.crossing_counts": _l("The company that crosses the line counts"),
    "units.commitments": _l("Commitments unit A asks for"),
    "demand.floor": _l("Lowest demand, share of the last two years"),
    "score.weights": _l("Weights of the scores"),
    "score.price_formula": _l("Price score"),
    "score.trim": _l("Scores of the experts left out of the mean"),
    "score.decimals": _l("Decimals of a mean score"),
    "score.conflict": _l("A declared conflict of interest keeps an expert from"),
}
GROUPS = (
    (
        _l("Bidders and shortlist"),
        ("bidder", "bid", "eligibility", "count", "shortlist", "ties", "group", "units", "score"),
    ),
    (_l("Winning tests"), ("anchor", "limit", "cut", "low_price", "price_line", "line", "outlier", "elimination")),
    (_l("Revivals and statements"), ("revival", "statement")),
    (_l("Volume and period"), ("volume", "intent", "reassign", "period", "demand")),
    (_l("Regions"), ("draft", "supply")),
)
VALUES = {
    "company": _l("companies, related ones as one"),
    "product": _l("products"),
    "declared": _l("all that declared, bids over the cap included"),
    "valid": _l("valid bids only"),
    "break": _l("decided by the keys, finally by a recorded draw"),
    "include_all": _l("all of them come in"),
    "lowest": _l("the lowest valid bid"),
    "mean": _l("the higher of the lowest bid and factor × mean of the shortlist"),
    "mean-sd": _l("the higher of the lowest bid and mean − factor × standard deviation"),
    "population": _l("the whole shortlist"),
    "sample": _l("a sample"),
    "shortlist": _l("shortlisted bids"),
    "all": _l("all"),
    "comparable": _l("comparable price"),
    "unit": _l("unit price"),
    "own-brand": _l("the demand for its own brand"),
    "shared": _l("as other winners"),
    "none": _l("none"),
    "carrying": _l("those that carry volume"),
    "choosing": _l("those that choose regions"),
    "refuse": _l("refused at the upload"),
    "mark": _l("taken and marked invalid"),
    "note": _l("noted, without consequence"),
    "bar": _l("the bid loses at the next evaluation"),
    "lowest-ratio": _l("100 × lowest valid price ÷ own price"),
    "high-low": _l("the highest and the lowest"),
    "lot": _l("the lots in which the company bids"),
    "round": _l("every lot of the round"),
    "lowest-first": _l("to the lowest winner"),
    "pro-rata": _l("to the winners in proportion to what they agreed"),
    "top-unit": _l("in proportion to the winners of unit A alone"),
    "by-hospital": _l("by each hospital's own choice"),
    "region": _l("goes to the region's main supplier, like all other demand"),
    "brand": _l("goes to that winner in every region"),
    "draw": _l("draw by lot"),
    "deadline": _l("the day of the deadline"),
    "opening": _l("the day of the opening"),
    "asc": _l("least or earliest first"),
    "desc": _l("most first"),
    "true": _l("yes"),
    "false": _l("no"),
}
STANDINGS = {
    "F": _l("found in a public source"),
    "H": _l("recalled, high confidence"),
    "M": _l("recalled, medium confidence"),
    "L": _l("recalled, low confidence"),
    "?": _l("not known"),
}


def in_words(written: str) -> str:
    """Say a value that is a code or a list of such; anything else stays as it is written."""
    if written.startswith("["):
        return listed(_item(one) for one in json.loads(written, parse_float=str))
    plain = written.strip('"')
    return str(VALUES[plain]) if plain in VALUES else plain if written.startswith('"') else written


def _item(value: Any) -> str:
    """Say one value of a list: a step of a scale, a key with the way it is read, a column or a number."""
    if isinstance(value, list):
        return ": ".join(str(one) for one in value)
    name, _space, way = str(value).partition(" ")
    words = str(VALUES[name]) if name in VALUES else named(name)
    if name in set(DocumentKind):
        words = str(label(DocumentKind(name)))
    return _("%(name)s (%(way)s)", name=words, way=VALUES[way]) if way in VALUES else words
