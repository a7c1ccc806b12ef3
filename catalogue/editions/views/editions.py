"""Pages of editions: the list of them, the browser, issue, reconciliation."""

from __future__ import annotations

from datetime import date
from typing import Any

from werkzeug.wrappers import Response

from catalogue.editions import exports
from catalogue.editions.labels import FIELDS
from catalogue.editions.models import Edition
from catalogue.editions.queries import editions as queries
from catalogue.editions.queries import entries, matching
from catalogue.editions.rules.counts import FIGURES, figures
from catalogue.editions.rules.parts import Grade, Part
from catalogue.editions.services import editions as services
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import Invalid, Issue
from kernel.i18n import _
from kernel.identity import record_id
from kernel.periods import read_day
from kernel.problems import sentence
from kernel.sheets import Sheet
from kernel.web import flash_done, paginate, redirect_to, render


def index(call: Call) -> str:
    """List the editions and the form of a new one."""
    found = call.session.scalars(queries.visible(call.actor)).all()
    return render(
        "catalogue/editions.html", editions=found, sizes=queries.sizes(call.session), values=call.form,
        current=queries.in_force(call.session, today(call.at)), errors=_errors(call), names=FIELDS,
    )  # fmt: skip


def list_table(call: Call) -> Sheet:
    """Return the editions."""
    return exports.list_sheet(call.session, queries.visible(call.actor))


def create(call: Call) -> Response:
    """Begin an edition."""
    code, title, begins = call.form.get("code", "").strip(), call.form.get("title", "").strip(), _day(call, True)
    edition = services.create(
        call.session, code=code, title=title[:120], valid_from=begins, actor=call.actor, at=call.at
    )
    flash_done(_("Edition %(code)s was begun. Now read its workbook.", code=edition.code))
    return redirect_to("catalogue.edition", edition_id=edition.id)


def show(call: Call, edition_id: int) -> str:
    """Browse an edition by part, class, class A/B and text; everything asked stands in the address."""
    edition, asked = queries.one(call.session, edition_id, call.actor), call.args
    grade, text = asked.get("grade", type=Grade), asked.get("q", "")
    parts = entries.by_part(call.session, entries.listing(edition_id, text=text, grade=grade))
    part = asked.get("part", type=Part) or next((each for each in Part if each in parts), Part.WESTERN)
    whole = entries.listing(edition_id, part=part, text=text, grade=grade)
    rows = entries.listing(edition_id, part=part, text=text, grade=grade, class_code=asked.get("class", ""))
    return render(
        "catalogue/edition.html", edition=edition, held=parts, part=part, grades=Grade,
        tree=entries.tree(call.session, edition_id, part, whole), list=paginate(call.session, rows, size=100),
        names=entries.class_names(call.session, edition_id, part), previous=_previous(call, edition), page_of=Part,
        waiting=matching.by_state(call.session, edition_id), may_issue=_may_issue(call, edition),
    )  # fmt: skip


def edit(call: Call, edition_id: int) -> str:
    """Show the form of a draft."""
    edition = queries.one(call.session, edition_id, call.actor)
    values: Any = call.form or edition.snapshot()
    return render("catalogue/edition_form.html", edition=edition, values=values, errors=_errors(call), names=FIELDS)


def change(call: Call, edition_id: int) -> Response:
    """Change a draft's title or first day."""
    begins, title = _day(call, False), call.form.get("title", "").strip()
    if begins is None or not title:
        raise Invalid({"title" if begins else "valid_from": Issue("field-missing", facts={"field": ""})})
    services.change(
        call.session, edition_id=edition_id, version=call.form.get("version", type=record_id), title=title[:120],
        valid_from=begins, actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The changes were saved."))
    return redirect_to("catalogue.edition", edition_id=edition_id)


def clear(call: Call, edition_id: int) -> Response:
    """Empty a draft."""
    services.clear(call.session, edition_id=edition_id, actor=call.actor, at=call.at)
    flash_done(_("The draft is empty again."))
    return redirect_to("catalogue.edition", edition_id=edition_id)


def issue(call: Call, edition_id: int) -> Response:
    """Issue a draft."""
    edition = services.issue(call.session, edition_id=edition_id, actor=call.actor, at=call.at)
    flash_done(_("Edition %(code)s was issued. It does not change any more.", code=edition.code))
    return redirect_to("catalogue.edition", edition_id=edition_id)


def reconciliation(call: Call, edition_id: int) -> str:
    """Show what is counted in an edition beside what was counted in its workbook."""
    edition = queries.one(call.session, edition_id, call.actor)
    counts, reading = queries.counts(call.session, edition_id), queries.last_reading(call.session, edition_id)
    read = reading.counts if reading else {}
    both = [(part, figures(counts["parts"].get(part)), figures(read.get("parts", {}).get(part))) for part in Part]
    return render(
        "catalogue/edition_counts.html", edition=edition, reading=reading, names=FIGURES,
        rows=[(*row, row[1] == row[2]) for row in both if row[1]["rows"] or row[2]["rows"]],
        total=figures(counts["total"]), read=figures(read.get("total")),
    )  # fmt: skip


def table(call: Call) -> Sheet:
    """Return an edition in the order of its list, to be imported as it is; a filter leaves the entries it shows."""
    edition, asked = queries.one(call.session, record_id(call.args.get("edition", "")) or 0, call.actor), call.args
    grade, part = asked.get("grade", type=Grade), asked.get("part", type=Part)
    narrowed = {"text": asked.get("q", ""), "class_code": asked.get("class", "")}
    if not any((grade, part, *narrowed.values())):
        return exports.edition_sheet(call.session, edition=edition)
    return exports.entry_sheet(call.session, entries.listing(edition.id, part=part, grade=grade, **narrowed))


def _previous(call: Call, edition: Edition) -> Edition | None:
    return queries.before(call.session, edition, call.actor)


def _may_issue(call: Call, edition: Edition) -> bool:
    makers = {edition.made_by, *(reading.user_id for reading in edition.readings)}
    return call.actor.user_id is not None and call.actor.user_id not in makers


def _day(call: Call, empty: bool) -> date | None:
    text = call.form.get("valid_from", "").strip()
    if not text and empty:
        return None
    found = read_day(text)
    if found is None:
        raise Invalid({"valid_from": Issue("bad-date", facts={"date": text})})
    return found


def _errors(call: Call) -> dict[str, str]:
    if call.error is None:
        return {}
    if isinstance(call.error, Invalid):
        return {name: sentence(issue) for name, issue in call.error.fields.items()}
    return {"code": sentence(call.error)}
