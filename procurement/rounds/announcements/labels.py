"""Names of the kinds of announcements, and what notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.rounds.announcements.flow import AnnouncementKind
from procurement.tags import Tag

labels(
    {
        AnnouncementKind.PROPOSED: _l("Notice of the proposed result"),
        AnnouncementKind.CORRECTION: _l("Notice of correction"),
        AnnouncementKind.FINAL: _l("Notice of award"),
        AnnouncementKind.LOT_VOID: _l("Notice of lots without award"),
        AnnouncementKind.VOID: _l("Notice that the round is void"),
    }
)
labels({Tag.ANNOUNCEMENT_ISSUED: _l("Announcement issued")})
facts({"kind": _l("Kind"), "number": _l("Number")})
sentences(
    {
        "round-corrected": _l(
            "Round %(round)s %(title)s: the proposed result was corrected and is public anew; objections are received."
        ),
        "round-award-public": _l("Round %(round)s %(title)s: the award is public."),
        "lot-voided": _l("Round %(round)s %(title)s: lot %(lot)s %(variety)s ends without an award."),
    }
)
