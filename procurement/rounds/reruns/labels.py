"""What events and refusals of rounds run again say."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.tags import Tag

labels({Tag.ROUND_RERUN: _l("Lots run again"), Tag.DEMAND_COPIED: _l("Locked base taken over")})
sentences(
    {
        "nothing-to-rerun": _l("Round %(code)s has no lot that could be run again."),
        "rerun-lots": _l("Choose lots that ended without an award and are not run again yet."),
    }
)
