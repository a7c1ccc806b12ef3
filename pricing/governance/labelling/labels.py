"""What labelling says: its events, notices and refusals."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.tags import Tag

labels(
    {
        Tag.LABELS_GIVEN: _l("Listed prices labelled"),
        Tag.EVALUATIONS_SAID: _l("Results of the consistency evaluation entered"),
        Tag.PRICE_CUT: _l("Price cut by the company"),
        Tag.LABEL_SET_WRITTEN: _l("Label rules written"),
        Tag.LABEL_SET_APPROVED: _l("Label rules approved"),
        Tag.LABEL_SET_PLACED: _l("Label rules given to a region"),
    }
)
facts({"given": _l("Labels given"), "taken": _l("Labels taken"), "after": _l("After")})
sentences(
    {
        "cut-not-lower": _l("The price stands at %(price)s yuan; a cut goes below it."),
        "cut-not-here": _l("Only a listing in force can be cut here, and none whose price was set by an award."),
        "prices-labelled": _l(
            "Prices of your products were labelled on %(day)s. The list names rule, anchor and ratio."
        ),
    }
)
