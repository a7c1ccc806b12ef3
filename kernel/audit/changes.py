"""What changed between two snapshots of a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SILENT = frozenset({"version", "password_hash", "old_password_hashes"})


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return `{"changed": {name: [old, new]}}` for the values that differ.

    >>> diff({"a": 1, "b": 2}, {"a": 1, "b": 3})
    {'changed': {'b': [2, 3]}}
    """
    names = [name for name in after if name not in SILENT and before.get(name) != after[name]]
    return {"changed": {name: [before.get(name), after[name]] for name in names}} if names else {}
