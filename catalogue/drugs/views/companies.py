"""Pages of companies, hospitals and groups of related companies."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from catalogue.drugs import exports, schemas
from catalogue.drugs.labels import FIELDS
from catalogue.drugs.queries import companies as queries
from catalogue.drugs.queries import products
from catalogue.drugs.services import companies as services
from kernel.calls import Call
from kernel.clock import today
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.parties.codes import OrganisationKind, Ownership
from kernel.parties.models import Organisation
from kernel.parties.regions import by_code
from kernel.sheets import Sheet
from kernel.web import flash_done, paginate, redirect_to, render

COMPANY, HOSPITAL = OrganisationKind.COMPANY, OrganisationKind.HOSPITAL


def index(call: Call, kind: OrganisationKind = COMPANY) -> str:
    """List companies, or hospitals."""
    found = _listed(call, kind)
    regions = [(region.code, region.name) for region in queries.used_regions(call.session, kind)]
    return render(
        "catalogue/organisations.html", list=paginate(call.session, found), kind=kind.value, regions=regions,
        names=FIELDS["organisation"],
    )  # fmt: skip


def hospitals(call: Call) -> str:
    """List hospitals."""
    return index(call, HOSPITAL)


def show(call: Call, organisation_id: int) -> str:
    """Show a company or hospital with its products and relations."""
    organisation = queries.either(call.session, organisation_id)
    return render(
        "catalogue/organisation.html", organisation=organisation, kind=organisation.kind.value,
        products=products.of_company(call.session, organisation_id),
        memberships=queries.groups_of(call.session, organisation_id), names=FIELDS["organisation"],
    )  # fmt: skip


def new(call: Call, kind: str) -> str:
    """Show the form of a new company or hospital."""
    return _form(call, None, kind)


def create(call: Call, kind: str) -> Response:
    """Register a company or hospital."""
    draft = schemas.organisation(call.form, FIELDS["organisation"])
    organisation = services.create_company(
        call.session, draft=draft, kind=schemas.party_kind(kind), actor=call.actor, at=call.at
    )
    call.session.flush()  # the address needs the id
    flash_done(_("%(name)s was added.", name=organisation.name))
    return redirect_to("catalogue.organisation", organisation_id=organisation.id)


def edit(call: Call, organisation_id: int) -> str:
    """Show the form of a company or hospital."""
    organisation = queries.either(call.session, organisation_id)
    return _form(call, organisation, organisation.kind.value)


def change(call: Call, organisation_id: int) -> Response:
    """Change a company or hospital."""
    organisation = queries.either(call.session, organisation_id)
    version = call.form.get("version", type=record_id)
    services.change_company(
        call.session, company_id=organisation_id, version=version, kind=organisation.kind,
        draft=schemas.organisation(call.form, FIELDS["organisation"]), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The changes were saved."))
    return redirect_to("catalogue.organisation", organisation_id=organisation_id)


def _form(call: Call, organisation: Organisation | None, kind: str) -> str:
    values: Any = call.form or (organisation.snapshot() if organisation else {})
    regions = [(region.code, region.name) for region in queries.regions(call.session)]
    return render(
        "catalogue/organisation_form.html", organisation=organisation, kind=schemas.party_kind(kind).value,
        values=values, errors=schemas.errors(call.error), regions=regions, names=FIELDS["organisation"],
        ownerships=[(each.value, label(each)) for each in Ownership],
    )  # fmt: skip


def table(call: Call) -> Sheet:
    """Return the companies that the filter shows, to be imported as they are."""
    return exports.company_sheet(call.session, _listed(call, COMPANY))


def hospitals_table(call: Call) -> Sheet:
    """Return the hospitals that the filter shows, to be imported as they are."""
    return exports.hospital_sheet(call.session, _listed(call, HOSPITAL))


def _listed(call: Call, kind: OrganisationKind) -> Any:
    asked = call.args
    return queries.listing(
        kind=kind, text=asked.get("q", ""), region=asked.get("region", ""), sort=asked.get("sort", "name")
    )


def regions(call: Call) -> str:
    """List provinces, cities and counties."""
    known = by_code(call.session)
    return render("catalogue/regions.html", list=paginate(call.session, _regions(call)), known=known)


def regions_table(call: Call) -> Sheet:
    """Return the regions that the filter shows, to be imported as they are."""
    return exports.region_sheet(call.session, _regions(call))


def _regions(call: Call) -> Any:
    return queries.region_list(call.args.get("q", "").strip())


def groups_table(call: Call) -> Sheet:
    """Return the groups with their members."""
    return exports.group_sheet(queries.groups(call.session))


def groups(call: Call) -> str:
    """List groups of related companies, with the form of a new one."""
    found = queries.groups(call.session)
    return render(
        "catalogue/related.html", groups=found, values=call.form, errors=schemas.errors(call.error), day=today(call.at)
    )


def group_create(call: Call) -> Response:
    """Open a group."""
    name, reason = schemas.group(call.form)
    group = services.create_group(call.session, name=name, reason=reason, actor=call.actor, at=call.at)
    call.session.flush()  # the address needs the id
    return redirect_to("catalogue.related_group", group_id=group.id)


def group(call: Call, group_id: int) -> str:
    """Show a group's members, with the form to add one."""
    found = queries.group(call.session, group_id)
    return render(
        "catalogue/related_group.html", group=found, values=call.form, errors=schemas.errors(call.error),
        day=today(call.at),
    )  # fmt: skip


def member_add(call: Call, group_id: int) -> Response:
    """Put a company into a group."""
    read = schemas.group_member(call.form)
    member = services.add_member(call.session, group_id=group_id, **read, actor=call.actor, at=call.at)
    flash_done(_("%(name)s was added.", name=member.company.name))
    return redirect_to("catalogue.related_group", group_id=group_id)


def member_end(call: Call, group_id: int, member_id: int) -> Response:
    """End a company's time in a group."""
    until = schemas.member_end(call.form)
    services.end_member(call.session, group_id=group_id, member_id=member_id, until=until, actor=call.actor, at=call.at)
    flash_done(_("The changes were saved."))
    return redirect_to("catalogue.related_group", group_id=group_id)
