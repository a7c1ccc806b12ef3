"""Names of the codes of declarations, and the sentences of their refusals, notices and events."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.bids.declarations.flow import DeclarationAction, DeclarationState
from procurement.tags import Tag

labels(
    {
        DeclarationState.DECLARED: _l("Declared"),
        DeclarationState.TAKEN_BACK: _l("Declaration taken back"),
        Tag.DECLARATION_MADE: _l("Lots declared"),
        Tag.DECLARATION_TAKEN_BACK: _l("Declarations taken back"),
    }
)
labels({DeclarationAction.DECLARE: _l("Declare"), DeclarationAction.TAKE_BACK: _l("Take the declaration back")})
sentences(
    {
        "nothing-to-declare": _l("Choose lots that are not declared yet. Nothing was changed."),
        "nothing-to-take-back": _l("Choose lots that your company has declared. Nothing was changed."),
        "bid-still-sealed": _l("A lot with a sealed bid stays declared. Withdraw the bid first. Nothing was changed."),
        "declaration-refused": _l("Nothing was declared: %(count)s things to put right"),
        "no-product-in-lot": _l("Your company has no product of lot %(lot)s."),
        "document-unmet": _l("%(kind)s, valid on %(day)s: %(why)s."),
        "product-document-unmet": _l("Lot %(lot)s, %(approval)s: %(kind)s, valid on %(day)s: %(why)s."),
        "member-document-unmet": _l("Lot %(lot)s, joint member %(company)s: %(kind)s, valid on %(day)s: %(why)s."),
        "member-product-document-unmet": _l(
            "Lot %(lot)s, joint member %(company)s, %(approval)s: %(kind)s, valid on %(day)s: %(why)s."
        ),
        "declaration-made": _l("You have declared for lots of %(box)s. Number %(receipt)s"),
        "declaration-taken-back": _l("You have taken declarations for %(box)s back. Number %(receipt)s"),
    }
)
