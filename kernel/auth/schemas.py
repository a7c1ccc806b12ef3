"""What the forms of accounts carry in."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kernel.auth.permissions import Role
from kernel.errors import Issue
from kernel.forms import FormReader
from kernel.i18n import _


@dataclass(frozen=True, slots=True)
class Invited:
    """A person as entered by the inviter."""

    login: str
    name: str
    roles: frozenset[Role]


def invited(form: MultiDict[str, str]) -> Invited:
    """Read the form of an invitation."""
    reader = FormReader(form)
    found = Invited(
        login=reader.text("login", _("Login"), most=60),
        name=reader.text("name", _("Name of the person"), most=60),
        roles=reader.choices("roles", Role, _("Roles")),
    )
    reader.done()
    return found


def roles(form: MultiDict[str, str]) -> frozenset[Role]:
    """Read the roles a user shall have."""
    reader = FormReader(form)
    found = reader.choices("roles", Role, _("Roles"))
    reader.done()
    return found


def new_password(form: MultiDict[str, str], name: str = "password") -> str:
    """Read a new password that was typed twice."""
    reader = FormReader(form)
    password = reader.secret(name, _("New password"))
    again = reader.secret("again", _("The same again"))
    if password and again and password != again:
        reader.wrong["again"] = Issue("passwords-differ")
    reader.done()
    return password
