"""The map of the package."""

from __future__ import annotations

from flask import url_for
from sqlalchemy.orm import Session

from catalogue.codes import api as codes_api
from catalogue.codes import labels as code_labels
from catalogue.codes import views as codes
from catalogue.consumables import blueprint as consumables
from catalogue.drugs import api as drugs_api
from catalogue.drugs import labels
from catalogue.drugs.models import Product, RelatedGroup, Specification, Variety
from catalogue.drugs.queries import codes as drug_codes
from catalogue.drugs.relations import blueprint as relations
from catalogue.drugs.schemas import CatalogueVarietyOut, OptionOut, PickerQuery
from catalogue.drugs.views import companies, products, varieties
from catalogue.dual_channel import blueprint as dual_channel
from catalogue.editions import blueprint as editions
from catalogue.register import blueprint as register
from catalogue.search import api as search_api
from catalogue.search import views as search
from catalogue.search.schemas import SearchOut, SearchQuery
from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.pages import page_export
from kernel.i18n import _l
from kernel.panels import panel
from kernel.routes import Api, Pages
from kernel.web import NavItem, nav_item, subject_link

pages = Pages("catalogue", "catalogue")
api = Api("catalogue")
assert labels and code_labels  # register the names of the codes
assert drug_codes  # registers what the drug catalogue knows about codes

READ, WRITE, POST = P.CATALOGUE_READ, P.CATALOGUE_WRITE, ("POST",)

pages.add("search", "/search", search.index, P.PUBLIC)
pages.add("codes", "/codes", codes.index, P.PUBLIC)

pages.add("varieties", "/varieties", varieties.index, READ)
page_export("catalogue.varieties", _l("Varieties"), READ, varieties.table)
pages.add("variety_new", "/varieties/new", varieties.new, WRITE)
pages.add("variety_create", "/varieties/new", varieties.create, WRITE, methods=POST, again=varieties.new)
pages.add("variety", "/varieties/<int:variety_id>", varieties.show, READ)
pages.add("variety_edit", "/varieties/<int:variety_id>/edit", varieties.edit, WRITE)
pages.add(
    "variety_change", "/varieties/<int:variety_id>/edit", varieties.change, WRITE, methods=POST, again=varieties.edit
)
pages.add("specification_new", "/varieties/<int:variety_id>/specifications/new", varieties.specification_new, WRITE)
pages.add(
    "specification_create", "/varieties/<int:variety_id>/specifications/new", varieties.specification_create, WRITE,
    methods=POST, again=varieties.specification_new,
)  # fmt: skip
pages.add("specification_edit", "/specifications/<int:specification_id>/edit", varieties.specification_edit, WRITE)
pages.add(
    "specification_change", "/specifications/<int:specification_id>/edit", varieties.specification_change, WRITE,
    methods=POST, again=varieties.specification_edit,
)  # fmt: skip

pages.add("products", "/products", products.index, READ)
page_export("catalogue.products", _l("Products"), READ, products.table)
pages.add("product_new", "/products/new", products.new, WRITE)
pages.add("product_create", "/products/new", products.create, WRITE, methods=POST, again=products.new)
pages.add("product", "/products/<int:product_id>", products.show, READ)
pages.add("product_edit", "/products/<int:product_id>/edit", products.edit, WRITE)
pages.add(
    "product_change", "/products/<int:product_id>/edit", products.change, WRITE, methods=POST, again=products.edit
)

register.mount(pages)
consumables.mount(pages)

pages.add("companies", "/companies", companies.index, READ)
page_export("catalogue.companies", _l("Companies"), READ, companies.table)
pages.add("hospitals", "/hospitals", companies.hospitals, READ)
page_export("catalogue.hospitals", _l("Hospitals"), READ, companies.hospitals_table)
pages.add("regions", "/regions", companies.regions, READ)
page_export("catalogue.regions", _l("Regions"), READ, companies.regions_table)
pages.add("organisation_new", "/organisations/new/<kind>", companies.new, WRITE)
pages.add(
    "organisation_create", "/organisations/new/<kind>", companies.create, WRITE, methods=POST, again=companies.new
)
pages.add("organisation", "/organisations/<int:organisation_id>", companies.show, READ)
pages.add("organisation_edit", "/organisations/<int:organisation_id>/edit", companies.edit, WRITE)
pages.add(
    "organisation_change", "/organisations/<int:organisation_id>/edit", companies.change, WRITE, methods=POST,
    again=companies.edit,
)  # fmt: skip
pages.add("related", "/related", companies.groups, READ)
page_export("catalogue.related", _l("Related companies"), READ, companies.groups_table)
pages.add("related_create", "/related", companies.group_create, WRITE, methods=POST, again=companies.groups)
pages.add("related_group", "/related/<int:group_id>", companies.group, READ)
pages.add(
    "related_member_add", "/related/<int:group_id>", companies.member_add, WRITE, methods=POST, again=companies.group
)
pages.add(
    "related_member_end", "/related/<int:group_id>/<int:member_id>/end", companies.member_end, WRITE, methods=POST
)
relations.mount(pages)
editions.add(pages)
dual_channel.mount(pages, api)

panel("catalogue.product", 30, READ, products.others_panel)

api.add("search", "/search", search_api.index, READ, query=SearchQuery, returns=SearchOut)
api.add("varieties", "/varieties", drugs_api.variety_options, READ, query=PickerQuery, returns=OptionOut(many=True))
api.add("variety", "/varieties/<int:variety_id>", drugs_api.variety, READ, returns=CatalogueVarietyOut)
api.add(
    "specifications", "/specifications", drugs_api.specification_options, READ, query=PickerQuery,
    returns=OptionOut(many=True),
)  # fmt: skip
api.add("products", "/products", drugs_api.product_options, READ, query=PickerQuery, returns=OptionOut(many=True))
api.add("companies", "/companies", drugs_api.company_options, READ, query=PickerQuery, returns=OptionOut(many=True))
api.add("hospitals", "/hospitals", drugs_api.hospital_options, READ, query=PickerQuery, returns=OptionOut(many=True))
api.add("code", "/codes/<code>", codes_api.explain, P.PUBLIC, query=codes_api.CodeQuery, returns=codes_api.CodeOut)

nav_item(NavItem(_l("Catalogue"), _l("Varieties"), "catalogue.varieties", "capsule", READ, order=60))
nav_item(NavItem(_l("Catalogue"), _l("Products"), "catalogue.products", "box-seam", READ, order=61))
nav_item(NavItem(_l("Catalogue"), _l("Companies"), "catalogue.companies", "building", READ, order=62))
nav_item(NavItem(_l("Catalogue"), _l("Hospitals"), "catalogue.hospitals", "hospital", READ, order=63))
nav_item(NavItem(_l("Catalogue"), _l("Regions"), "catalogue.regions", "map", READ, order=63))
nav_item(NavItem(_l("Catalogue"), _l("Related companies"), "catalogue.related", "diagram-3", READ, order=64))
nav_item(NavItem(_l("Catalogue"), _l("Explain a code"), "catalogue.codes", "tag", P.PUBLIC, order=69))


def _variety(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(Variety, int(identity))
    return (found.name, url_for("catalogue.variety", variety_id=found.id)) if found else None


def _specification(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(Specification, int(identity))
    if found is None:
        return None
    return f"{found.variety.name} {found.text}", url_for("catalogue.variety", variety_id=found.variety_id)


def _product(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(Product, int(identity))
    return (found.registered_name, url_for("catalogue.product", product_id=found.id)) if found else None


def _group(session: Session, _actor: Actor, identity: str) -> tuple[str, str] | None:
    found = session.get(RelatedGroup, int(identity))
    return (found.name, url_for("catalogue.related_group", group_id=found.id)) if found else None


subject_link("variety", _variety)
subject_link("specification", _specification)
subject_link("product", _product)
subject_link("related_group", _group)
