"""The map of the package."""

from __future__ import annotations

from kernel.routes import Api, Pages

pages = Pages("importers", "importers")
api = Api("importers")
