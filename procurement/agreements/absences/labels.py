"""What is said of winners that were not brought in."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.tags import Tag

labels({Tag.ABSENCES_REMINDED: _l("Hospitals reminded of winners not brought in")})
facts({"hospitals": _l("Hospitals")})
sentences(
    {"absences-reminded": _l("Nothing was bought yet of the winners of %(count)s lots. Please bring them in.")}
)  # fmt: skip
