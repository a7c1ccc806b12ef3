"""The kernel's own refusals as sentences."""

from __future__ import annotations

from kernel.i18n import _l
from kernel.problems import sentences

sentences(
    {
        "broken-references": _l("Rows of %(tables)s refer to what is not there; the upgrade was taken back."),
        "already-exists": _l("This exists already."),
        "bad-date": _l("“%(date)s” is not a date such as 2026-11-20."),
        "bad-settings": _l("These settings can't be started with: %(variables)s."),
        "bad-policy": _l("The policy file %(file)s is not well formed: %(reason)s."),
        "bad-request": _l("The request can't be read."),
        "changed-meanwhile": _l("Somebody else changed this meanwhile. Look at the new version and try again."),
        "conflict": _l("This contradicts what is there now. Look at the page again."),
        "csrf": _l(
            "The form was open for too long or came from another place. Go back, reload the page and send it again."
        ),
        "database-busy": _l("Too many changes at once. Nothing was written; try again in a moment."),
        "field-missing": _l("Fill in “%(field)s”."),
        "fields-unreadable": _l("Some fields need correcting."),
        "file-refused": _l("The file can't be taken: %(count)s things are wrong with it."),
        "forbidden": _l("Your role does not allow this."),
        "holidays-unknown": _l("The public holidays of %(year)s are not known yet, so working days can't be counted."),
        "idempotency-key-reused": _l(
            "The same key came with different content. Reload the page and send the form again."
        ),
        "internal-error": _l("Something went wrong on our side. Nothing was written."),
        "invalid": _l("Some entries need correcting."),
        "not-a-number": _l("%(value)s is not a plain number"),
        "blank": _l("Must not be blank."),
        "out-of-range": _l("“%(value)s” must be %(range)s."),
        "repeated": _l("The same %(key)s as in line %(first)s."),
        "too-many-cells": _l("The line has more cells than the header."),
        "no-such-rule-set": _l("There is no rule set %(rule_set)s."),
        "not-found": _l("There is no such page, or it is not yours to see."),
        "method-not-allowed": _l("This address can't be used that way. Start from the page with the form."),
        "not-text": _l("Row %(row)s: this is not a text file."),
        "request-entity-too-large": _l("What was sent is larger than this installation takes."),
        "unknown-format": _l("%(value)s is neither .xlsx nor .csv."),
        "unreadable": _l("%(value)s can't be read (%(reason)s)."),
        "needed": _l("This is needed."),
        "refused": _l("This is not allowed now."),
        "same-person": _l("A second person has to do this, not %(name)s, who prepared it."),
        "text-too-long": _l("At most %(most)s characters."),
        "unknown-choice": _l("“%(value)s” is not one of the choices."),
        "unset-parameter": _l(
            "The parameter %(parameter)s is not set. Nothing is computed until somebody fills it in."
        ),
        "wrong-state": _l("This can't be done now (state: %(state)s)."),
    }
)
