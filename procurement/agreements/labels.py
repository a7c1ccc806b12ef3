"""What refusals and notices of agreements say."""

from __future__ import annotations

from kernel.i18n import _l
from kernel.problems import sentences

sentences(
    {
        "not-awarded": _l("Round %(code)s is not awarded, so there is nothing to agree on yet."),
        "agreements-made-already": _l("The agreements of round %(code)s were made already."),
        "agreements-made": _l("The agreements of round %(round)s %(title)s were made."),
    }
)
