"""Give a table out at once, or have it prepared."""

from __future__ import annotations

from typing import Any

from flask_babel import get_locale
from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.downloads import queries, services
from kernel.downloads.flow import FileForm
from kernel.downloads.links import asked_of, asked_words
from kernel.downloads.registry import found
from kernel.errands import queries as errands
from kernel.errands.labels import progress, said
from kernel.i18n import _, label
from kernel.sending import attachment, table
from kernel.web import flash_done, paginate, redirect_to, render

AT_ONCE = 20_000


def give(call: Call, name: str) -> Response:
    """Answer with what the filter shows; what is large goes through the download centre."""
    wanted = found(name, call.actor)
    sheet = wanted.sheet(call.session, asked_of(call.args), call.actor, call.at)
    if call.actor.signed_in and (sheet.total or 0) > AT_ONCE:
        return redirect_to(
            "kernel.download_new", name=name, **asked_of(call.args), **{"as": _form(call.args.get("as", "")).value}
        )
    return table(sheet, str(wanted.title), call.at, _form(call.args.get("as", "")))


def new(call: Call, name: str) -> str:
    """Ask in which form a large table is wanted."""
    wanted = found(name, call.actor)
    sheet = wanted.sheet(call.session, asked_of(call.args), call.actor, call.at)
    chosen = _form(call.args.get("as", ""))
    return render(
        "kernel/download_new.html", wanted=wanted, total=sheet.total, chosen=chosen, query=asked_of(call.args),
        asked_words=asked_words,
        shown=[(form.value, label(form)) for form in FileForm], days=services.KEPT.days,
    )  # fmt: skip


def ask(call: Call, name: str) -> Response:
    """Have a file prepared."""
    wanted = found(name, call.actor)
    sheet = wanted.sheet(call.session, asked_of(call.args), call.actor, call.at)
    services.ask(
        call.session, name=name, query=asked_of(call.args), form=_form(call.form.get("as", "")),
        title=str(wanted.title), rows=sheet.total, actor=call.actor, at=call.at, locale=str(get_locale()),
    )  # fmt: skip
    return redirect_to("kernel.downloads")


def index(call: Call) -> str:
    """Show one's own files."""
    page = paginate(call.session, queries.visible(call.actor, call.at), size=services.MOST)
    known = errands.latest_of(call.session, [services.about(download.id) for download in page.rows])
    sizes = queries.sizes(call.session, page.rows)
    rows = [(each, known.get(services.about(each.id)), sizes.get(each.file_id)) for each in page.rows]
    return render("kernel/downloads.html", rows=rows, said=said, asked_words=asked_words, days=services.KEPT.days)


def state(call: Call, download_id: int) -> dict[str, Any]:
    """Tell how far a file is."""
    queries.one(call.session, download_id, call.actor, call.at)
    errand = errands.latest(call.session, services.about(download_id))
    return progress(errand) if errand else {"finished": True}


def content(call: Call, download_id: int) -> Response:
    """Give out a prepared file."""
    file = queries.file(call.session, download_id, call.actor, call.at)
    return attachment(file)


def drop(call: Call, download_id: int) -> Response:
    """Throw a file away."""
    services.drop(call.session, download_id=download_id, actor=call.actor, at=call.at)
    flash_done(_("The file is gone"))
    return redirect_to("kernel.downloads")


def _form(asked: str) -> FileForm:
    return FileForm(asked) if asked in set(FileForm) else FileForm.XLSX
