"""Names of the kinds of letters, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.rounds.letters.flow import LetterKind
from procurement.tags import Tag

labels(
    {
        LetterKind.AWARD: _l("Letter of award"),
        LetterKind.NOT_SELECTED: _l("Letter of non-selection"),
        LetterKind.VOLUME: _l("Letter of agreed volumes"),
    }
)
labels({Tag.LETTERS_ISSUED: _l("Letters issued"), Tag.LETTER_READ: _l("Letter opened")})
facts({"year": _l("Year"), "from": _l("From"), "to": _l("To")})
sentences(
    {
        "letters-after-award": _l("Round %(code)s is not awarded, so there are no letters yet."),
        "letters-issued-already": _l("Every letter of round %(code)s that is due was issued already."),
        "letter-award": _l("Round %(round)s %(title)s: your letter of award is here."),
        "letter-not-selected": _l("Round %(round)s %(title)s: your letter of non-selection with its reasons is here."),
        "letter-volume": _l("Round %(round)s %(title)s: the letter about your agreed volumes is here."),
    }
)
