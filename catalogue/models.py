"""Every table of the catalogue, in one import."""

from catalogue.drugs import models as drugs
from catalogue.search import models as search

__all__ = ["drugs", "search"]
