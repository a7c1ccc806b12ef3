"""Names of the codes of company files, and the sentences of their refusals, notices and events."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.dossiers.flow import (
    BackReason,
    DocumentAction,
    DocumentKind,
    DocumentState,
    Expiry,
    Unmet,
    ValidAt,
    Why,
)
from procurement.tags import Tag

labels(
    {
        DocumentKind.BUSINESS_LICENCE: _l("Business licence"),
        DocumentKind.PRODUCTION_LICENCE: _l("Drug production licence"),
        DocumentKind.REGISTRATION: _l("Drug registration certificate"),
        DocumentKind.GMP: _l("GMP inspection result"),
        DocumentKind.CONSISTENCY: _l("Consistency evaluation passed, or deemed so"),
        DocumentKind.INGREDIENT: _l("Source and registration of the active ingredient"),
        DocumentKind.AUTHORISATION: _l("Letter of authorisation"),
        DocumentKind.CREDIT_COMMITMENT: _l("Commitment of good faith"),
        DocumentKind.SUPPLY_COMMITMENT: _l("Commitment of supply"),
        DocumentKind.OTHER: _l("Other document"),
    }
)
labels(
    {
        DocumentState.FILED: _l("Filed, not looked at"),
        DocumentState.CHECKED: _l("Checked"),
        DocumentState.SENT_BACK: _l("Sent back to the company"),
        DocumentState.SUPERSEDED: _l("Followed by a newer version"),
        DocumentState.TAKEN_BACK: _l("Taken back by the company"),
    }
)
labels(
    {
        DocumentAction.CHECK: _l("Mark as checked"),
        DocumentAction.SEND_BACK: _l("Send back to the company"),
        DocumentAction.SUPERSEDE: _l("Follow by a newer version"),
        DocumentAction.TAKE_BACK: _l("Take back"),
        DocumentAction.RESTORE: _l("Let the older version stand again"),
    }
)
labels(
    {
        BackReason.ILLEGIBLE: _l("The file can't be read"),
        BackReason.INCOMPLETE: _l("Pages are missing"),
        BackReason.WRONG_KIND: _l("It is a document of another kind"),
        BackReason.WRONG_HOLDER: _l("It names another company"),
        BackReason.DATES_DIFFER: _l("The days entered are not those of the document"),
        BackReason.NUMBER_DIFFERS: _l("The number entered is not that of the document"),
        BackReason.NO_SEAL: _l("Seal or signature is missing"),
        BackReason.NOT_IN_REGISTER: _l("The issuer's register does not have it"),
        BackReason.ELSE: _l("Another reason, said below"),
    }
)
labels(
    {
        Expiry.UNLIMITED: _l("Unlimited"),
        Expiry.FAR: _l("Valid"),
        Expiry.NEAR: _l("Nearing its end"),
        Expiry.SOON: _l("Ends soon"),
        Expiry.EXPIRED: _l("Past its last day"),
    }
)
labels(
    {
        Why.COVERED: _l("There and valid"),
        Why.MISSING: _l("Not filed"),
        Why.ENDS_BEFORE: _l("Ends before that day"),
        Why.BEGINS_AFTER: _l("Begins after that day"),
        Why.BACK: _l("Sent back, not mended"),
    }
)
labels({ValidAt.DEADLINE: _l("on the day of the deadline"), ValidAt.OPENING: _l("on the day of the opening")})
labels({Unmet.REFUSE: _l("Bids without them are refused"), Unmet.MARK: _l("Bids without them are taken and marked")})
labels(
    {
        Tag.DOCUMENT_FILED: _l("Document filed"),
        Tag.DOCUMENT_RENEWED: _l("Document renewed"),
        Tag.DOCUMENT_TAKEN_BACK: _l("Document taken back"),
        Tag.DOCUMENT_CHECKED: _l("Document checked"),
        Tag.DOCUMENT_SENT_BACK: _l("Document sent back"),
    }
)
facts(
    {"number": _l("Number"), "until": _l("Last day"), "before": _l("Before"), "back_reason": _l("Reason")},
    {"back_reason": BackReason},
)
sentences(
    {
        "dossier-not-company": _l("Only companies keep files here."),
        "document-of-another-kind": _l("A newer version is of the same kind and product as the older one."),
        "document-ends-before-it-begins": _l("The last day lies before the first day %(since)s."),
        "document-needs-product": _l("Say which product this document belongs to."),
        "document-is-the-companys": _l("This kind of document is the company's own and belongs to no product."),
        "document-product-not-yours": _l("This is not your company's product."),
        "document-last-day-missing": _l("Enter the last day, or say that the document is unlimited."),
        "document-unlimited-or-not": _l("A document has a last day or is unlimited, not both."),
        "too-many-files": _l("At most %(most)s files belong to a document."),
        "document-sent-back": _l("Your document %(number)s was sent back. Its page says why."),
        "document-ending": _l("Your document %(number)s ends on %(until)s. File the newer version in time."),
    }
)
