"""Names of the codes of merges, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.listings.duplicates.flow import Keep, MergeAction, MergeState
from pricing.tags import Tag

labels(
    {
        MergeState.PUBLICISED: _l("Publicised"),
        MergeState.OBJECTED: _l("Objected to"),
        MergeState.ANSWERED: _l("Objection answered"),
        MergeState.MERGED: _l("Merged"),
        MergeState.DROPPED: _l("Given up"),
        MergeAction.OBJECT: _l("Object"),
        MergeAction.ANSWER: _l("Answer the objection"),
        MergeAction.MERGE: _l("Merge"),
        MergeAction.DROP: _l("Give the merge up"),
        Keep.WINNER: _l("The winner is kept"),
        Keep.LOWEST_PRICE: _l("The lower price is kept"),
        Keep.EARLIEST: _l("The earlier listing is kept"),
        Tag.MERGE_PROPOSED: _l("Merge of duplicate listings publicised"),
        Tag.MERGE_OBJECTED: _l("Merge objected to"),
        Tag.MERGE_ANSWERED: _l("Objection to a merge answered"),
        Tag.MERGE_DONE: _l("Duplicate listing merged"),
        Tag.MERGE_DROPPED: _l("Merge of listings given up"),
    }
)
facts({"keep": _l("Kept listing"), "end": _l("Ended listing"), "listing_merge": _l("Merge of listings")})
sentences(
    {
        "merge-window-over": _l("Objections were possible until %(due)s."),
        "merge-window-open": _l("Objections are possible until %(due)s; only then can the listings be merged."),
        "merge-gone": _l("One of the two listings has ended meanwhile; give the merge up."),
        "merge-proposed": _l("Duplicate listings of yours are to be merged; you can object until %(due)s."),
        "merge-answered": _l("Your objection to the merge of listings was answered."),
    }
)
