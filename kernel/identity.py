"""Numbers that name a record, as addresses, hidden fields and tick boxes carry them."""

from __future__ import annotations

MOST = 2**31 - 1  # what an id column of either database holds


def record_id(written: str) -> int | None:
    """Return the number, or None where the text is none that a record could have.

    >>> record_id("12"), record_id("²"), record_id("99999999999")
    (12, None, None)
    """
    found = int(written) if written.isascii() and written.isdigit() and len(written) <= 10 else MOST + 1
    return found if found <= MOST else None
