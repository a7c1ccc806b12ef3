"""Parameters cite what people can look up, in Chinese: never a file of this workplace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kernel import policy

ROOT = Path(__file__).parents[3] / "pricing"


@pytest.mark.parametrize("name", ["governance/cases", "governance/comparison", "applications"])
def test_parameters_cite_no_file(name: str) -> None:
    path = ROOT / name / "policy.toml"
    tables = policy.parse(path.read_text("utf-8"), where=name)
    regions = tables.get("region", {}).values()
    held = [policy.parameters(one, where=name) for one in (tables["parameter"], *regions)]
    sources = [one.source for group in held for one in group.values()]
    assert sources and [one for one in sources if ".md" in one or not re.search("[一-龥]", one)] == []
