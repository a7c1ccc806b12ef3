"""The map of the package. Every kind adds its own permission to these (queries.occasion, queries.visible)."""

from __future__ import annotations

from importers import history, views
from importers.registry import kinds
from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item

assert history  # registers the list as a table
pages = Pages("importers", "importers")
api = Api("importers")

pages.add("index", "/", views.index, P.IMPORT_USE)
pages.add("show", "/runs/<int:import_id>", views.show, P.IMPORT_USE)
pages.add("progress", "/runs/<int:import_id>/progress", views.progress, P.IMPORT_USE)
pages.add("annotated", "/runs/<int:import_id>/workbook", views.annotated, P.IMPORT_USE)
pages.add("apply", "/runs/<int:import_id>/apply", views.apply, P.IMPORT_USE, methods=("POST",))
pages.add("cancel", "/runs/<int:import_id>/cancel", views.cancel, P.IMPORT_USE, methods=("POST",))
pages.add("start", "/<name>", views.start, P.IMPORT_USE)
pages.add("template", "/<name>/template", views.template, P.IMPORT_USE)
pages.add(
    "upload", "/<name>/upload", views.upload, P.IMPORT_USE, methods=("POST",), again=views.start,
    prepare=views.read_upload,
)  # fmt: skip

nav_item(NavItem(_l("Data"), _l("Imports"), "importers.index", "upload", P.IMPORT_USE, order=80))
kinds()  # a broken or repeated kind stops the start, not the first upload
