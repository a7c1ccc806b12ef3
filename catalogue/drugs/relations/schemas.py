"""What the forms of owners and relations carry in."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict

from catalogue.drugs.relations.models import CompanyProfile
from catalogue.drugs.relations.services import ProfileDraft
from kernel.errors import Issue
from kernel.forms import FormReader
from kernel.i18n import _
from kernel.money import NotANumber, parse_decimal, places

LINE = re.compile(r"(?P<name>.+?)[\s,，]+(?:(?P<code>[0-9A-Z]{18})[\s,，]+)?(?P<share>[0-9.]+)\s*[%％]?")


def profile(form: MultiDict[str, str]) -> ProfileDraft:
    """Read a statement; a holder a line: name, credit code where there is one, share in percent."""
    reader = FormReader(form)
    legal, address = reader.text("legal_person", _("Legal representative")), reader.text("address", _("Address"))
    controller, holder = reader.text("controller"), reader.text("authorisation_holder")
    holders = []
    for line in form.get("holders", "").splitlines():
        if line.strip():
            found = LINE.fullmatch(line.strip())
            share = _percent(found["share"]) if found else None
            if found is None or share is None:
                reader.wrong["holders"] = Issue("bad-holder-line", value=line.strip()[:80])
            else:
                holders.append((" ".join(found["name"].split()), found["code"] or "", share))
    reader.done()
    return ProfileDraft(legal, address, controller, holder, holders)


def _percent(written: str) -> Decimal | None:
    """Read a percentage as a share with six decimals."""
    try:
        share = parse_decimal(written) / 100
    except NotANumber:
        return None
    return share if places(share) <= 6 and share < 10**6 else None


def holder_lines(said: CompanyProfile | None) -> str:
    """Write holders as the form takes them."""
    lines = said.shareholders if said else []
    return "\n".join(" ".join(filter(None, (one.name, one.code, f"{one.share * 100:f}"))) for one in lines)


def share_line(form: MultiDict[str, str]) -> tuple[Decimal, str]:
    """Read from which share on a holder is a ground, and which document says so."""
    reader = FormReader(form)
    written, source = reader.text("share", _("Share held")), reader.text("source", _("Source"))
    share = _percent(written.rstrip("%％ ")) if written else Decimal(0)
    if share is None:
        reader.wrong["share"] = Issue("bad-share")
    reader.done()
    return share or Decimal(0), source


def decision(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read a decision about a proposal."""
    reader = FormReader(form)
    reason, name = reader.text("reason", _("Reason"), most=500), reader.text("name")
    since = reader.day("since") or date.min
    reader.done()
    return {"reason": reason, "name": name, "since": since}
