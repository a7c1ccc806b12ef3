"""Translatable names of the codes of rounds and their rules."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from procurement.rounds.flow import ExtensionState, Outcome, RoundAction, RoundState, Stage, SupplyRole
from procurement.rounds.rules.columns import Kind
from procurement.rounds.rules.model import By, Form, Reason, Status
from procurement.rounds.rules.volumes import Reassign
from procurement.tags import Tag

_STATES = {
    "draft": _l("Draft"),
    "published": _l("Published"),
    "bidding": _l("Receiving bids"),
    "awaiting-opening": _l("Bids closed, to be opened"),
    "opened": _l("Bids opened"),
    "evaluated": _l("Evaluated"),
    "announced": _l("Proposed winners public"),
    "awaiting-award": _l("Publicity over, to be awarded"),
    "awarded": _l("Awarded"),
    "closed": _l("Round closed"),
    "void": _l("Void"),
}
for _states in (RoundState, Stage):  # apart: members of two enums with one value are one key
    labels({state: _STATES[state.value] for state in _states})
labels(
    {
        RoundAction.PUBLISH: _l("Publish"),
        RoundAction.RECEIVE: _l("Receive bids"),
        RoundAction.OPEN: _l("Open bids"),
        RoundAction.EVALUATE: _l("Evaluate"),
        RoundAction.ANNOUNCE: _l("Announce proposed winners"),
        RoundAction.AWARD: _l("Award"),
        RoundAction.CLOSE: _l("Close the round"),
        RoundAction.VOID: _l("Void the round"),
    }
)
labels(
    {
        ExtensionState.ASKED: _l("Waits for a second person"),
        ExtensionState.CONFIRMED: _l("Confirmed"),
        ExtensionState.REFUSED: _l("Refused"),
    }
)
labels(
    {
        Outcome.WON: _l("Proposed winner"),
        Outcome.WON_WITHOUT_VOLUME: _l("Wins without volume"),
        Outcome.LOST: _l("Not selected"),
        Outcome.INVALID: _l("Invalid bid"),
        Outcome.TIED: _l("Tie, waits for a draw"),
    }
)
labels(
    {
        SupplyRole.MAIN: _l("Main supplier"),
        SupplyRole.BACKUP: _l("Backup supplier"),
    }
)
labels(
    {
        Form.ORAL_SOLID: _l("Oral solid form"),
        Form.INJECTION: _l("Injection"),
        Form.OTHER: _l("Other form"),
    }
)
labels(
    {
        Status.WON: _l("Proposed winner"),
        Status.LOST: _l("Not selected"),
        Status.OPEN: _l("Tie, waits for a draw"),
    }
)
labels(
    {
        Kind.TEXT: _l("Text"),
        Kind.NUMBER: _l("Number"),
        Kind.FLAG: _l("0 or 1"),
        Kind.DATE: _l("Date"),
        Kind.FORM: _l("Form group"),
    }
)
labels(
    {
        Reassign.LOWEST_FIRST: _l("Lowest price first"),
        Reassign.PRO_RATA: _l("In proportion"),
        Reassign.TOP_UNIT: _l("Top unit only"),
        Reassign.BY_HOSPITAL: _l("By the hospital"),
    }
)
labels(
    {
        Reason.NO_PRICE: _l("no price"),
        Reason.NOT_POSITIVE: _l("price not above zero"),
        Reason.TOO_PRECISE: _l("more than 4 decimals"),
        Reason.OVER_CAP: _l("above the cap"),
        Reason.RELATED_BIDDER: _l("a related company stands for it"),
        Reason.COMPANY_MAXIMUM: _l("beyond the most per company"),
        Reason.NOT_SHORTLISTED: _l("not shortlisted"),
        Reason.ABOVE_LIMIT: _l("above the limit"),
        Reason.ABOVE_LINE: _l("above the price line"),
        Reason.CONDITION: _l("a condition is not met"),
        Reason.STATEMENT: _l("no accepted statement of reasons"),
        Reason.ELIMINATED: _l("eliminated across varieties"),
    }
)
labels(
    {
        By.RANK: _l("by rank"),
        By.MULTIPLIER: _l("within the limit"),
        By.CUT: _l("by the cut against the cap"),
        By.LOW_PRICE: _l("by the low-price line"),
        By.PRICE_LINE: _l("below the price line"),
        By.LINE: _l("within the price line"),
        By.REVIVAL_SHORTLISTED: _l("revived"),
        By.REVIVAL_UNLISTED: _l("revived, own brand's demand only"),
        By.REFERENCE: _l("reference preparation, without volume"),
        By.OUTLIER: _l("below the outlier line, without a place"),
    }
)
labels(
    {
        Tag.ROUND_CREATED: _l("Round set up"),
        Tag.ROUND_CHANGED: _l("Round changed"),
        Tag.ROUND_RULES_CHOSEN: _l("Rule set chosen"),
        Tag.ROUND_PARAMETERS_FILLED: _l("Parameters filled in"),
        Tag.ROUND_CAPS_SET: _l("Caps set"),
        Tag.ROUND_PUBLISHED: _l("Round published"),
        Tag.ROUND_RECEIVING: _l("Bids are received"),
        Tag.ROUND_VOIDED: _l("Round voided"),
        Tag.ROUND_OPENED: _l("Bids opened"),
        Tag.ROUND_EVALUATED: _l("Round evaluated"),
        Tag.ROUND_ANNOUNCED: _l("Proposed winners announced"),
        Tag.ROUND_AWARDED: _l("Round awarded"),
        Tag.ROUND_CLOSED: _l("Round closed"),
        Tag.ROUND_DRAFTED: _l("Regions drafted"),
        Tag.EXTENSION_ASKED: _l("Later deadline asked for"),
        Tag.EXTENSION_CONFIRMED: _l("Later deadline confirmed"),
        Tag.EXTENSION_REFUSED: _l("Later deadline refused"),
        Tag.QUESTION_ASKED: _l("Question asked"),
        Tag.QUESTION_ANSWERED: _l("Question answered"),
        Tag.DRAW_RECORDED: _l("Draw recorded"),
        Tag.PREFERENCE_GIVEN: _l("Order of regions given"),
        Tag.AGREEMENTS_MADE: _l("Agreements made"),
    }
)
STAGES = {
    "draft": _l("Set-up"),
    "bidding": _l("Published and bidding"),
    "evaluation": _l("Evaluation"),
    "publicity": _l("Publicity"),
    "done": _l("Award made"),
    "void": _l("Void"),
}
FIELDS = {
    "outcome": _l("Outcome"),
    "rank": _l("Rank"),
    "winning_price": _l("Winning price"),
    "decided_by": _l("Decided by"),
    "reason": _l("Reason"),
    "main_regions": _l("Main regions"),
    "ratio": _l("Agreed share"),
}
facts(
    {
        "rules": _l("Rule set"),
        "rules_digest": _l("Digest of the rules"),
        "own": _l("Of our own"),
        "receives_from": _l("Bids are received from"),
        "since": _l("Since"),
        "days": _l("Days of publicity"),
        "publicity_days": _l("Days of publicity"),
        "publicity_ends": _l("Publicity until"),
        "evaluation": _l("Evaluation"),
        "inputs": _l("Inputs"),
        "entries": _l("Sealed entries"),
        "bids": _l("Bids"),
        "awards": _l("Awards"),
        "volumes": _l("Agreed volumes"),
        "turns": _l("Turns"),
        "round": _l("Round"),
        "lot": _l("Lot"),
        "order": _l("Order"),
        "witness": _l("Witness"),
        "starts": _l("Starts"),
        "notice": _l("Public notice"),
        "answer": _l("Answer"),
    }
)
