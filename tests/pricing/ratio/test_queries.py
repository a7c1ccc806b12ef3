"""Specifications of the catalogue in conversions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalogue.drugs.models import Specification
from catalogue.drugs.rules.forms import Form
from pricing.ratio.queries import presentation
from pricing.ratio.rules import Inconvertible, convert


def test_content_is_the_basis_and_the_fill_only_without_it() -> None:
    five, ten = (
        Specification(text=f"{n}ml", form=Form.SMALL_VOLUME_INJECTION, content=Decimal(n * 10), content_unit="mg",
                      components="", fill=Decimal(n), fill_unit="ml", pack=1, sugar_free=False)
        for n in (5, 10)
    )  # fmt: skip
    assert presentation(five).fill is None
    price = convert(Decimal(10), reference=presentation(five), target=presentation(ten, pack=3))
    assert price.value == Decimal("51.00")


def test_a_compound_is_left_to_its_factors() -> None:
    compound = Specification(text="80mg:12.5mg", form=Form.TABLET, components="80mg:12.5mg", content_unit="")
    with pytest.raises(Inconvertible, match="compound"):
        presentation(compound)
