"""The map of the package: each area adds its rows here."""

from __future__ import annotations

from kernel.routes import Api, Pages

pages = Pages("procurement", "procurement")
api = Api("procurement")
