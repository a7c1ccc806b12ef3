"""Parameters as records keep them, and refusals about their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.errors import DomainError
from kernel.policy import Parameter, Parameters
from kernel.working import plain


class BadValue(DomainError):
    """A parameter can't have that value; `wanted` says what it can have."""

    code = "rule-bad-value"


def held(values: Mapping[str, Mapping[str, Any]]) -> Parameters:
    """Return the parameters that a record keeps as {name: {value, source, standing}}."""
    return Parameters(
        {name: Parameter(name, one["value"], one["source"], one["standing"]) for name, one in values.items()}
    )


def kept(parameters: Parameters) -> dict[str, dict[str, Any]]:
    """Return parameters as a record keeps them: plain data, decimals as text."""
    return {
        name: {"value": plain(one.value), "source": one.source, "standing": one.standing}
        for name, one in parameters.items()
    }
