"""The examples in the rules are right."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from procurement.rounds import rules

NAMES = [module.name for module in pkgutil.iter_modules(rules.__path__)]


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_right(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"{rules.__name__}.{name}")).failed == 0
