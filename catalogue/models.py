"""Every table of the catalogue, in one import; with it, records become findable."""

from catalogue.consumables import services as consumables
from catalogue.drugs import models as drugs
from catalogue.drugs.services import companies
from catalogue.editions import models as editions
from catalogue.register import services as register
from catalogue.search import models as search

__all__ = ["companies", "consumables", "drugs", "editions", "register", "search"]
