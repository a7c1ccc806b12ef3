"""Company files as an expert may read them: of the companies on its own score sheets, once they are checked."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from kernel.calls import Call
from kernel.clock import today
from kernel.errors import Forbidden, NotFound
from kernel.files import queries as files
from kernel.sending import attachment
from procurement.demand.models import Lot
from procurement.dossiers import queries as dossiers
from procurement.dossiers.models import CompanyDocument
from procurement.rounds.experts import queries
from procurement.rounds.experts.models import Seat
from procurement.rounds.experts.queries import Board
from procurement.rounds.queries import rounds

PARENT = CompanyDocument.__tablename__


def seated(call: Call, round_id: int) -> tuple[Seat, Board]:
    """Return the reader's seat on a round's panel and how far the panel is; NotFound for others."""
    seat = queries.my_seat(call.session, rounds.one(call.session, round_id, call.actor), call.actor)
    return seat, queries.board(call.session, seat.panel, call.at)


def scored(call: Call, round_id: int, number: int) -> tuple[Seat, Board, Lot]:
    """Return a lot that the reader scores: after the declaration, and with no conflict of interest."""
    seat, found = seated(call, round_id)
    lot = rounds.lot(call.session, seat.panel.round_, number)
    if seat.declared_at is None:
        raise Forbidden("declare-first")
    if lot.id not in found.lots(seat):
        raise NotFound(lot=number)
    return seat, found, lot


def beside(call: Call, found: Board, lot: Lot) -> dict[str, Any]:
    """Return the documents of the lot's companies with their files, for the page of a score sheet."""
    query = dossiers.checked(found.bidders[lot.id], lot)
    query = query.order_by(CompanyDocument.product_id.is_not(None), CompanyDocument.kind, CompanyDocument.id)
    documents: dict[int, list[CompanyDocument]] = {}
    for one in call.session.scalars(query):
        documents.setdefault(one.company_id, []).append(one)
    ids = [one.id for each in documents.values() for one in each]
    day = today(call.at)
    return {
        "documents": documents, "kept": files.of_parents(call.session, PARENT, ids),
        "ended": {one.id for each in documents.values() for one in each if one.until and one.until < day},
    }  # fmt: skip


def give_out(call: Call, round_id: int, number: int, document_id: int, file_id: int) -> Response:
    """Give an expert a file of a document that concerns a lot it scores."""
    _seat, found, lot = scored(call, round_id, number)
    query = dossiers.checked(found.bidders[lot.id], lot).where(CompanyDocument.id == document_id)
    if call.session.scalars(query).one_or_none() is None:
        raise NotFound(document=document_id)
    return attachment(files.one(call.session, file_id, parent_kind=PARENT, parent_id=document_id))
