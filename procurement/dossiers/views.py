"""Pages of company files: the company's own, the agency's list, and the record of one document."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.files import queries as files
from kernel.forms import mistakes
from kernel.i18n import _, listed
from kernel.identity import record_id
from kernel.sending import attachment
from kernel.web import flash_done, paginate, redirect_to, render
from procurement.dossiers import queries, schemas, services
from procurement.dossiers.flow import (
    COMPANY_ONLY,
    DOCUMENT_FLOW,
    PRODUCT_ONLY,
    BackReason,
    DocumentKind,
    DocumentState,
    Expiry,
)
from procurement.dossiers.models import CompanyDocument


def own(call: Call) -> str:
    """Show the company's own files: what there is of each kind, what ends, what is missing."""
    found, day = queries.current(call.session, call.actor.organisation_id), today(call.at)
    kinds = {document.kind for document in found if document.product_id is None}
    return render(
        "procurement/dossier.html", company=[one for one in found if one.product_id is None], day=day,
        products=[one for one in found if one.product_id is not None], expiry=queries.expiry, **_frame(call, found),
        told=listed(str(each) for each in queries.policy().value("notice.days")),
        absent=[kind for kind in DocumentKind if kind in COMPANY_ONLY and kind not in kinds],
    )  # fmt: skip


def index(call: Call) -> str:
    """List documents of all companies, what waits for a look first."""
    day = today(call.at)
    listed = paginate(call.session, queries.listing(call.actor, call.args, day))
    return render(
        "procurement/documents.html", list=listed, day=day, expiry=queries.expiry, states=DocumentState,
        kinds=DocumentKind, ends=(Expiry.EXPIRED, Expiry.SOON, Expiry.NEAR, Expiry.UNLIMITED),
        waiting=queries.waiting(call.session, call.actor),
    )  # fmt: skip


def _frame(call: Call, documents: Any) -> dict[str, Any]:
    kept = files.of_parents(call.session, CompanyDocument.__tablename__, [one.id for one in documents])
    return {"kept": kept, "looks": queries.looks(call.session, documents)}


def new(call: Call) -> str:
    """Show the form of a new document."""
    return _form(call, None)


def file(call: Call) -> Response:
    """Put a document into the company's files."""
    made = services.file(
        call.session, draft=schemas.draft(call.form), uploads=schemas.uploads(call.files), actor=call.actor, at=call.at
    )
    flash_done(_("The document was filed. The agency looks at it."))
    return redirect_to("procurement.document", document_id=made.id)


def renewal(call: Call, document_id: int) -> str:
    """Show the form of a newer version."""
    return _form(call, queries.one(call.session, document_id, call.actor))


def renew(call: Call, document_id: int) -> Response:
    """Put a newer version in the older one's place."""
    made = services.renew(
        call.session, document_id=document_id, draft=schemas.draft(call.form),
        uploads=schemas.uploads(call.files), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The newer version was filed; the older one is kept in the history."))
    return redirect_to("procurement.document", document_id=made.id)


def _form(call: Call, old: CompanyDocument | None) -> str:
    asked: Any = call.form or call.args
    products = queries.own_products(call.session, call.actor.organisation_id)
    named = next((each.id for each in products if each.approval_number == asked.get("approval")), "")
    return render(
        "procurement/document_form.html", old=old, values=asked, sent=bool(call.form), errors=mistakes(call.error),
        kinds=list(DocumentKind), product_only=PRODUCT_ONLY,
        products=products, chosen=asked.get("product_id") or named,
    )  # fmt: skip


def show(call: Call, document_id: int) -> str:
    """Show a document with its files, what the agency said, and its other versions."""
    document = queries.one(call.session, document_id, call.actor)
    versions = queries.versions(call.session, document)
    looks = queries.looks(call.session, versions)
    mine = document.company_id == call.actor.organisation_id and call.actor.may(P.DOSSIER_FILE)
    last = looks.get(document.id, [])[-1:]
    return render(
        "procurement/document.html", document=document, versions=versions, looks=looks, mine=mine,
        actions={action.value for action in DOCUMENT_FLOW.actions(document.state)}, reasons=list(BackReason),
        checks=call.actor.may(P.DOSSIER_CHECK), second=not last or last[0].by_id != call.actor.user_id,
        kept=files.of_parents(call.session, CompanyDocument.__tablename__, [one.id for one in versions]),
        band=queries.expiry(document, today(call.at)), errors=mistakes(call.error), values=call.form,
    )  # fmt: skip


def take_back(call: Call, document_id: int) -> Response:
    """Take back a document that was filed by mistake."""
    services.take_back(call.session, document_id=document_id, actor=call.actor, at=call.at)
    flash_done(_("The document was taken back."))
    return redirect_to("procurement.dossier")


def check(call: Call, document_id: int) -> Response:
    """Say that a document is in order."""
    services.check(
        call.session, document_id=document_id, text=schemas.remark(call.form),
        version=record_id(call.form.get("version", "")), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The document is marked as checked."))
    return redirect_to("procurement.document", document_id=document_id)


def send_back(call: Call, document_id: int) -> Response:
    """Send a document back to its company."""
    reason, text = schemas.back(call.form)
    services.send_back(
        call.session, document_id=document_id, reason=reason, text=text,
        version=record_id(call.form.get("version", "")), actor=call.actor, at=call.at,
    )  # fmt: skip
    flash_done(_("The document was sent back; its company is told."))
    return redirect_to("procurement.document", document_id=document_id)


def kept_file(call: Call, document_id: int, file_id: int) -> Response:
    """Give out a document's file."""
    document = queries.one(call.session, document_id, call.actor)
    return attachment(
        files.one(call.session, file_id, parent_kind=CompanyDocument.__tablename__, parent_id=document.id)
    )
