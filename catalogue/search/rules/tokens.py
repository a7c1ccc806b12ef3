"""Tokens to filter by: they stand in the index beside those of the words, so that a filter costs no time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalogue.search.rules.asking import Tokens
from catalogue.search.rules.lines import plain

LARGE = frozenset({"product", "coded_drug", "local_product", "consumable"})
"""Kinds of hundreds of thousands of records."""


def facet(kind: str, value: object) -> str:
    """Return the token of a filter: k for kinds, c classes, f forms, m makers, s states, x flags.

    >>> facet("f", "enteric_tablet"), facet("c", "XA10B")
    ('f:enterictablet', 'c:xa10b')
    """
    return f"{kind}:{plain(str(value))}"


def facet_tokens(classes: Iterable[str], form: str, maker: int | str | None, state: str = "") -> list[str]:
    """Return the tokens of what a record is, in a fixed order."""
    found = {facet("c", code) for code in classes if code}
    found |= {facet("f", form)} if form else set()
    found |= {facet("m", maker)} if maker not in (None, "") else set()
    found |= {facet("s", state)} if state else set()
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits are narrowed to: a class and all below it, a form, a maker (an organisation's id, or its name where
    records have names alone), flags that hold, a state (list class of a drug, on or off the market)."""

    class_code: str = ""
    form: str = ""
    maker: int | str | None = None
    flags: Sequence[str] = ()
    state: str = ""

    def ways(self, kinds: Sequence[str]) -> list[Tokens]:
        """Return the tokens of the filters and of the kinds, of which any will do.

        A kind that most entries have is left to their ids: its token would be in every list of the index.
        """
        own = set(facet_tokens([self.class_code], self.form, self.maker, self.state))
        own |= {facet("x", name) for name in self.flags}
        if kinds and not LARGE & set(kinds):
            return [frozenset(own | {facet("k", kind)}) for kind in kinds]
        return [frozenset(own)] if own else []
