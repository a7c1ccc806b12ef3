"""What the forms of company files carry in."""

from __future__ import annotations

from werkzeug.datastructures import FileStorage, MultiDict

from kernel.errors import Invalid, Issue
from kernel.forms import FormReader
from kernel.i18n import _
from kernel.identity import record_id
from procurement.dossiers.flow import BackReason, DocumentKind
from procurement.dossiers.services import DocumentDraft, Upload


def draft(form: MultiDict[str, str]) -> DocumentDraft:
    """Read the form of a document; who leaves the last day empty says that it is unlimited."""
    reader = FormReader(form)
    kind = reader.choice("kind", DocumentKind, _("Kind"))
    number = reader.text("number", _("Number"), most=100)
    issuer, note = reader.text("issuer"), reader.text("note", most=500)
    since, until = reader.day("since"), reader.day("until")
    if until is None and not form.get("unlimited") and "until" not in reader.wrong:
        reader.wrong["until"] = Issue("document-last-day-missing")
    if until is not None and form.get("unlimited"):
        reader.wrong["until"] = Issue("document-unlimited-or-not")
    reader.done()
    product = form.get("product_id", "")
    return DocumentDraft(kind, number, issuer, since, until, (record_id(product) or 0) if product else None, note)


def uploads(files: MultiDict[str, FileStorage]) -> list[Upload]:
    """Read the files that came along."""
    return [Upload(one.filename, one.stream.read()) for one in files.getlist("file") if one.filename]


def back(form: MultiDict[str, str]) -> tuple[BackReason, str]:
    """Read why a document is sent back."""
    reader = FormReader(form)
    reason = reader.choice("reason", BackReason, _("Reason"))
    text = reader.text("text", most=1000)
    reader.done()
    return reason, text


def remark(form: MultiDict[str, str]) -> str:
    """Read what is said beside a check."""
    written = " ".join(form.get("text", "").split())
    if len(written) > 1000:
        raise Invalid({"text": Issue("text-too-long", facts={"most": 1000})})
    return written
