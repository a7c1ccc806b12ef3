"""Pages of announcements: the list, one as it was issued, its workbook."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal

from flask import send_file
from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.i18n import label
from kernel.sheets import XLSX, xlsx
from kernel.web import render
from procurement.rounds.announcements import exports, queries
from procurement.rounds.announcements.models import Announcement
from procurement.rounds.flow import Outcome
from procurement.rounds.labels.names import FIELDS
from procurement.rounds.queries import rounds
from procurement.rounds.views import shown
from procurement.rounds.voids.flow import VoidReason

FIGURES = frozenset({"winning_price", "ratio"})


def index(call: Call, round_id: int) -> str:
    """List a round's announcements."""
    round_ = rounds.one(call.session, round_id, call.actor)
    found = queries.all_of(call.session, round_)
    return render(
        "procurement/announcement_list.html", found=found, ends={each.number: until(each) for each in found},
        **shown.frame(call, round_, "announcements"),
    )  # fmt: skip


def show(call: Call, round_id: int, number: int) -> str:
    """Show an announcement as it was issued, to be printed."""
    round_ = rounds.one(call.session, round_id, call.actor)
    one = queries.one(call.session, round_, number)
    return render(
        "procurement/announcement.html", one=one, round_=round_, content=one.content, said=said, fields=FIELDS,
        ends=until(one), reason=reason, period=shown.period, decimal=Decimal,
        title=exports.title_of(one), grounds=shown.code_name,
    )  # fmt: skip


def table(call: Call, round_id: int, number: int) -> Response:
    """Send an announcement's list as a workbook."""
    round_ = rounds.one(call.session, round_id, call.actor)
    one = queries.one(call.session, round_, number)
    content, name = io.BytesIO(xlsx([exports.sheet(one)])), f"{round_.code}-{one.number}.xlsx"
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


def until(one: Announcement) -> datetime | None:
    """Return when the publicity ends that an announcement began."""
    ends = one.content.get("publicity_ends")
    return datetime.fromisoformat(ends) if ends and one.kind in queries.RESULTS else None


def said(field: str, value: str | None) -> str:
    """Say a value of a difference list, which is kept as text."""
    if value is None:
        return "—"
    if field == "outcome":
        return str(label(Outcome(value)))
    return shown.said(field, Decimal(value) if field in FIGURES else value)


def reason(code: str) -> str:
    """Say why something is void."""
    return str(label(VoidReason(code)))
