"""Every table of the catalogue, in one import; with it, records become findable."""

from catalogue.consumables import services as consumables
from catalogue.drugs import models as drugs
from catalogue.drugs.relations import models as relations
from catalogue.drugs.services import companies
from catalogue.dual_channel.models import drugs as dual_drugs
from catalogue.dual_channel.models import places as dual_places
from catalogue.dual_channel.models import records as dual_records
from catalogue.editions import models as editions
from catalogue.register import services as register
from catalogue.search import models as search
from catalogue.tallies import models as tallies

__all__ = [
    "companies",
    "consumables",
    "drugs",
    "dual_drugs",
    "dual_places",
    "dual_records",
    "editions",
    "register",
    "relations",
    "search",
    "tallies",
]
