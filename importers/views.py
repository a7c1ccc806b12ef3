"""The pages of imports: start, preview, receipt, history, and the workbooks they give out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from flask import send_file, url_for
from flask_babel import get_locale
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.wrappers import Response

from importers import labels, queries, services, workbook
from importers.findings import Findings
from importers.flow import ImportState, Mode
from importers.models import Import
from importers.registry import kind
from kernel.calls import Call
from kernel.errands import queries as errands
from kernel.errands.labels import progress as shown
from kernel.errands.labels import said
from kernel.errands.models import Errand
from kernel.errors import DomainError, FileRefused, Issue
from kernel.i18n import _
from kernel.sheets import XLSX
from kernel.templating import link
from kernel.web import flash_done, paginate, redirect_to, render

PAGE = 50
READ_AT_ONCE = 1 << 20
"""Bytes of an upload that is checked while the person waits: a second's work."""
WRITE_AT_ONCE = 10_000
"""Rows that are written while the person waits."""


@dataclass(frozen=True, slots=True)
class Large:
    """An upload that is read off the request."""

    data: bytes
    file_name: str


def read_upload(files: MultiDict[str, FileStorage], name: str) -> workbook.Workbook | Large:
    """Read the uploaded file, before any transaction; a large one is only taken."""
    file = files.get("file")
    if file is None or not file.filename:
        raise DomainError("no-file")
    data = file.stream.read(workbook.MAX_UPLOAD + 1)
    file.stream.seek(0)
    if READ_AT_ONCE < len(data) <= workbook.MAX_UPLOAD and not kind(name).confidential:
        return Large(data, file.filename)
    return workbook.read(data, file.filename)


def index(call: Call) -> str:
    """Show what can be imported and the organisation's imports."""
    page = paginate(call.session, queries.visible(call.actor))
    return render("importers/index.html", page_=page, kinds=queries.usable(call.actor), titles=_titles(page.rows))


def start(call: Call, name: str) -> str:
    """Show a kind's template and its upload form, with what was wrong with a refused file."""
    query = _query(call)
    occasion = queries.occasion(call.session, name, query, actor=call.actor, at=call.at)
    issues = call.error.issues if isinstance(call.error, FileRefused) else ()
    recent = paginate(call.session, queries.visible(call.actor).filter_by(kind=name), size=5, number=1)
    return render(
        "importers/start.html", occasion=occasion, kind=occasion.kind, query=query, error=call.error,
        issues=[_told(issue) for issue in issues], recent=recent.rows, titles=_titles(recent.rows),
    )  # fmt: skip


def template(call: Call, name: str) -> Response:
    """Give out a kind's template."""
    occasion = queries.occasion(call.session, name, _query(call), actor=call.actor, at=call.at, prefilled=True)
    locale = str(get_locale())
    title = occasion.kind.title(locale)
    from importers import exports  # openpyxl takes a quarter of a second, which a start need not wait for

    return _send(exports.template(occasion, locale=locale), _("%(title)s template.xlsx", title=title))


def upload(call: Call, name: str) -> Response:
    """Check an upload and show its preview; a large one is checked off the request."""
    sent, query = call.prepared, _query(call)
    if isinstance(sent, Large):
        import_ = services.receive(
            call.session, name=name, query=query, data=sent.data, file_name=sent.file_name, actor=call.actor,
            at=call.at, locale=str(get_locale()),
        )  # fmt: skip
    else:
        import_ = services.stage(call.session, name=name, query=query, book=sent, actor=call.actor, at=call.at)
    return redirect_to("importers.show", import_id=import_.id)


def show(call: Call, import_id: int) -> str:
    """Show the preview of a staged import, or the receipt of a written one."""
    import_ = queries.one(call.session, import_id, call.actor)
    found = queries.findings(call.session, import_)
    if import_.state in (ImportState.RECEIVED, ImportState.REFUSED):
        return _not_yet(call, import_, found)
    code, number = call.args.get("code", ""), max(1, call.args.get("page", 1, type=int))
    issues = [issue for issue in found.issues if code in ("", issue.code)] if found else []
    return render(
        "importers/show.html", import_=import_, kind=kind(import_.kind), found=found, code=code, number=number,
        issues=[_told(issue, found) for issue in issues[(number - 1) * PAGE : number * PAGE]], total=len(issues),
        pages=max(1, -(-len(issues) // PAGE)), size=PAGE, chips=_chips(found), notes=_notes(found), back=_back(import_),
        origin=_origin(import_), errand=_errand(call, import_), said=said,
    )  # fmt: skip


def _not_yet(call: Call, import_: Import, found: Findings | None) -> str:
    """Show how far the check of a large upload is, or why it was refused."""
    return render(
        "importers/received.html", import_=import_, kind=kind(import_.kind), back=_back(import_), said=said,
        issues=[_told(issue) for issue in found.issues] if found else [], errand=_errand(call, import_),
    )  # fmt: skip


def _errand(call: Call, import_: Import) -> Errand | None:
    return errands.latest(call.session, services.about(import_.id))


def progress(call: Call, import_id: int) -> dict[str, Any]:
    """Tell how far the check or the writing is."""
    errand = _errand(call, queries.one(call.session, import_id, call.actor))
    return shown(errand) if errand else {"finished": True}


def apply(call: Call, import_id: int) -> Response:
    """Write a staged import."""
    mode = Mode.GOOD_ROWS if call.form.get("mode", Mode.GOOD_ROWS) == Mode.GOOD_ROWS else Mode.ALL
    common: dict[str, Any] = {"import_id": import_id, "mode": mode, "actor": call.actor, "at": call.at}
    found = queries.one(call.session, import_id, call.actor)
    if found.to_write > WRITE_AT_ONCE and not kind(found.kind).confidential:
        services.ask_to_apply(call.session, locale=str(get_locale()), **common)
        return redirect_to("importers.show", import_id=import_id)
    import_ = services.apply(call.session, **common)
    if import_.state is ImportState.APPLIED:
        flash_done(_("%(count)s rows written. Receipt %(receipt)s", count=import_.to_write, receipt=import_.receipt))
    else:
        flash_done(_("The data have changed since the preview. Nothing was written; look at the new preview"))
    return redirect_to("importers.show", import_id=import_id)


def cancel(call: Call, import_id: int) -> Response:
    """Drop a staged import."""
    import_ = services.cancel(call.session, import_id=import_id, actor=call.actor, at=call.at)
    flash_done(_("Dropped. Nothing was written"))
    return redirect_to("importers.start", name=import_.kind, **import_.query)


def annotated(call: Call, import_id: int) -> Response:
    """Give the upload back with what is wrong in red."""
    import_ = queries.one(call.session, import_id, call.actor)
    sheet, found = queries.sheets(call.session, import_)[0], queries.findings(call.session, import_)
    only = call.args.get("rows") == "faulty"
    if found is None:
        raise DomainError("import-expired")
    stem = import_.file_name.rpartition(".")[0]
    name = _("%(name)s wrong rows.xlsx", name=stem) if only else _("%(name)s checked.xlsx", name=stem)
    from importers import exports  # as above

    return _send(exports.annotated(kind(import_.kind), sheet, found, only_faulty=only), name)


def _told(issue: Issue, found: Findings | None = None) -> dict[str, Any]:
    """An issue as the table shows it."""
    title = found.titles.get(issue.row or 0, "") if found else ""
    rule = issue.facts.get("rule", "")
    return {"issue": issue, "problem": labels.says(issue), "cure": labels.cure(issue), "title": title, "rule": rule}


def _chips(found: Findings | None) -> list[tuple[str, str, int]]:
    """Kinds of issue with their counts, the most frequent first; one without a short name goes by its column."""
    if found is None:
        return []
    columns = {issue.code: issue.column for issue in reversed(found.issues)}
    return [(code, labels.short(code, columns[code]), count) for code, count in found.codes.most_common()]


def _notes(found: Findings | None) -> list[str]:
    return [labels.says(note) for note in found.notes] if found else []


def _query(call: Call) -> dict[str, str]:
    """What the kind's context is made of; names that url_for would take for itself are left out."""
    ours = ("name", "endpoint")
    return {
        name: value for name, value in call.args.items() if name.isidentifier() and name[0] != "_" and name not in ours
    }


def _back(import_: Import) -> str:
    values: dict[str, Any] = dict(import_.query)
    return url_for("importers.start", name=import_.kind, **values)


def _origin(import_: Import) -> str:
    """The page whose records the import wrote, where its kind names one."""
    back = kind(import_.kind).back
    return link(back[0], **{part: import_.context.get(name) for part, name in back[1].items()}) if back else ""


def _titles(imports: list[Import]) -> dict[str, str]:
    return {name: kind(name).title(str(get_locale())) for name in {import_.kind for import_ in imports}}


def _send(data: bytes, name: str) -> Response:
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name, max_age=0)


__all__ = ["annotated", "apply", "cancel", "index", "progress", "read_upload", "show", "start", "template", "upload"]
