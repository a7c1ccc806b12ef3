"""The digest and the number of an act of declaring, so that its company can show what it did and when."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from procurement.bids.rules import receipt_name


def act_digest(*, box: str, company: str, at: datetime, withdrawal: bool, lots: Iterable[int]) -> str:
    """Return the SHA-256 over an act: whose, when, for which lots."""
    parts = {
        "box": box, "company": company, "at": at.isoformat(timespec="microseconds"), "declares": not withdrawal,
        "lots": sorted(lots),
    }  # fmt: skip
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def act_name(box: str, digest: str) -> str:
    """Return the number of an act, which tells nobody how many others there were.

    >>> act_name("R1", "00" * 32)
    'D-R1-AAAA-AAAA-AAAA'
    """
    return f"D-{receipt_name(box, digest)}"
