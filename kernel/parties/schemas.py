"""What the forms of organisations carry in."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from kernel.auth.actor import Actor
from kernel.errors import Issue
from kernel.forms import FormReader
from kernel.i18n import _
from kernel.parties.codes import OrganisationKind, Ownership
from kernel.parties.rules import kinds_open_to
from kernel.parties.services import FirstUser, Profile


def profile(form: MultiDict[str, str], actor: Actor, *, kind: OrganisationKind | None = None) -> Profile:
    """Read what an applicant says about the organisation; a correction can't change the kind."""
    reader = FormReader(form)
    found = _profile(reader, actor, kind)
    reader.done()
    return found


def application(form: MultiDict[str, str], actor: Actor) -> tuple[Profile, FirstUser]:
    """Read an application: the organisation and its first user."""
    reader = FormReader(form)
    found = _profile(reader, actor, None)
    first = FirstUser(
        login=reader.text("login", _("Login"), most=60),
        name=reader.text("user_name", _("Your name"), most=60),
        password=reader.secret("password", _("Password")),
    )
    if first.password and reader.secret("again", _("The same again")) not in ("", first.password):
        reader.wrong["again"] = Issue("passwords-differ")
    reader.done()
    return found, first


def _profile(reader: FormReader, actor: Actor, kind: OrganisationKind | None) -> Profile:
    what = kind or reader.choice("kind", OrganisationKind, _("Kind"), among=kinds_open_to(actor.roles))
    return Profile(
        kind=what,
        name=reader.text("name", _("Full name"), most=120),
        code=reader.text("code", _("Unified social credit code"), most=30).upper(),
        short_name=reader.text("short_name", most=30),
        region_code=reader.text("region_code", _("Region") if reader.form.get("regions") else "", most=12),
        address=reader.text("address", most=200),
        legal_person=reader.text("legal_person", _("Legal representative"), most=60),
        contact=reader.text("contact", _("Contact person"), most=60),
        phone=reader.text("phone", _("Phone"), most=40),
        ownership=_ownership(reader) if what is OrganisationKind.HOSPITAL else None,
    )


def _ownership(reader: FormReader) -> Ownership | None:
    written = reader.form.get("ownership", "")
    return Ownership(written) if written in set(Ownership) else None
