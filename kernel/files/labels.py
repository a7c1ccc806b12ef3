"""Sentences about attachments."""

from __future__ import annotations

from kernel.i18n import _l
from kernel.problems import sentences

sentences(
    {
        "file-missing": _l("Choose a file"),
        "file-empty": _l("%(value)s is empty"),
        "file-too-large": _l("%(value)s is larger than %(most)s MB"),
        "file-kind-unknown": _l("%(value)s is of no kind that is taken: %(kinds)s"),
        "file-not-what-it-says": _l("%(value)s is not what its ending %(kind)s says"),
    }
)
