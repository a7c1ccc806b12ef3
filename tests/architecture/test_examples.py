"""Every example in a docstring is right."""

from __future__ import annotations

import doctest
import importlib

import pytest

from tests.architecture.source import dotted, modules

WITH_EXAMPLES = [dotted(path) for path in modules() if "\n>>> " in path.read_text("utf-8").replace("    ", "")]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_are_right(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
