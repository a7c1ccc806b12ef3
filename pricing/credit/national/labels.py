"""Names and refusals of the national list."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.tags import Tag

labels(
    {
        Tag.NATIONAL_RATING_BROUGHT: _l("Rating of another province brought in"),
        Tag.NATIONAL_RATING_CONFIRMED: _l("Rating of another province confirmed"),
    }
)
facts({"ends": _l("Lapses on"), "national_rating": _l("Rating of another province")})
sentences(
    {
        "national-unknown": _l("Rating %(number)s is not known here."),
        "national-level": _l("%(value)s is no level of version %(version)s that is aggregated nationally."),
        "national-no-level": _l("Version %(version)s of the benchmark knows no %(value)s for %(matter)s."),
        "national-start": _l("Its measures would begin on %(value)s, before it was published."),
        "national-own": _l("Rating %(number)s is our own and stands otherwise: %(before)s."),
        "national-differs": _l("Rating %(number)s is known and stands otherwise: %(before)s."),
        "national-no-products": _l("This level suspends products in every province: name their approval numbers."),
        "national-here": _l("Rating %(number)s would be your own province's, and is not known here: rate here."),
        "national-span": _l("It ends on %(value)s, before it begins."),
        "national-future": _l("A rating published on %(value)s, a day to come, is not in force: bring it in then."),
        "national-changed": _l(
            "Rating %(number)s was told otherwise or confirmed since you opened the page; it is shown anew."
        ),
        "national-no-province": _l("%(value)s is no province; ratings are published by one."),
    }
)
