"""Names of roles, and the refusals of sign-in and accounts as sentences."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.auth.permissions import Role
from kernel.i18n import _l, labels
from kernel.problems import sentences

labels(
    {
        Role.MANUFACTURER: _l("Manufacturer"),
        Role.DISTRIBUTOR: _l("Distributor"),
        Role.PHARMACIST: _l("Hospital pharmacist"),
        Role.HOSPITAL_FINANCE: _l("Hospital finance"),
        Role.AGENCY_OFFICER: _l("Agency officer"),
        Role.AGENCY_REVIEWER: _l("Agency reviewer"),
        Role.PRICE_OFFICER: _l("Price officer"),
        Role.OPENING_OFFICER: _l("Opening officer"),
        Role.SUPERVISOR: _l("Supervisor"),
        Role.PHARMACY: _l("Designated pharmacy"),
        Role.EXPERT: _l("Review expert"),
        Role.ORGANISATION_ADMIN: _l("Administrator of the organisation"),
        Role.SYSTEM_ADMIN: _l("System administrator"),
        Role.SECURITY_ADMIN: _l("Security administrator"),
        Role.AUDIT_ADMIN: _l("Audit administrator"),
    }
)
facts({"key": _l("Key"), "writes": _l("May write")}, {"roles": Role})
sentences(
    {
        "administrators-by-command": _l(
            "The three administrators are looked after on the server with “jicai admin”: whoever issues their links "
            "could take over the two he is to be separate from."
        ),
        "administrators-exist": _l("There are administrators already."),
        "administrators-separate": _l("One person can't be %(roles)s at once: the administrators are separate."),
        "key-name": _l("Name the key after the system that will use it, in at most %(most)s characters."),
        "key-reads-only": _l("This key was made for reading only."),
        "keys-enough": _l("You have %(most)s access keys already. Revoke one first."),
        "link-spent": _l("The link was used already or is too old. Ask whoever sent it for a new one."),
        "login-malformed": _l(
            "A login has 3 to 60 characters: letters a to z, digits, dot, hyphen, underscore or @, "
            "the first a letter or digit."
        ),
        "login-taken": _l("The login %(value)s is taken."),
        "own-account": _l("Nobody can do this to his own account."),
        "password-common": _l("This password is among the first that anybody tries."),
        "password-due": _l("Set a new password first."),
        "password-holds-login": _l("The password may not contain the login."),
        "password-same": _l("This is the password you have now."),
        "password-too-long": _l("A password has at most %(maximum)s characters."),
        "password-too-plain": _l(
            "Use at least %(classes)s of these four: upper case letters, lower case letters, digits, other characters."
        ),
        "password-too-short": _l("A password has at least %(minimum)s characters."),
        "password-used-before": _l("None of the last %(history)s passwords can be used again."),
        "password-wrong": _l("This is not your present password."),
        "passwords-differ": _l("The two passwords differ."),
        "roles-missing": _l("Choose at least one role."),
        "roles-of-another-kind": _l("%(roles)s: these roles do not exist in an organisation of the kind %(kind)s."),
        "sign-in-failed": _l("Login or password is wrong, or the account is not in use."),
        "sign-in-paused": _l("Too many attempts failed. Sign-in is paused until %(until)s Beijing time."),
        "user-active": _l("%(name)s can sign in already."),
        "user-inactive": _l("The account of %(name)s is closed."),
    }
)
