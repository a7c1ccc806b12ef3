"""Tests of a group stay on one worker, so that what a session makes once is made once.

xdist 3.8 tells the group by a suffix of a private name that pytest 9.2 no longer reads; here the file itself is asked.
Every group of ours holds whole files.
"""

from __future__ import annotations

import pathlib
import re
from functools import cache

from xdist.scheduler import LoadScopeScheduling

ROOT = pathlib.Path(__file__).resolve().parent.parent
_GROUP = re.compile(r"^pytestmark = .*\bxdist_group\(\"([\w-]+)\"\)", re.MULTILINE)


@cache
def group_of(path: str) -> str:
    """Return the group of a test file, or nothing."""
    file = ROOT / path
    found = _GROUP.search(file.read_text("utf-8")) if file.is_file() else None
    return found[1] if found else ""


class ByGroup(LoadScopeScheduling):
    """Deals single tests out, and groups whole."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0]) or nodeid
