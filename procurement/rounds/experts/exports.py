"""Scores of a panel as rows: for pages, and as a workbook for those who run or oversee the round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.downloads.registry import export
from kernel.errors import NotFound
from kernel.i18n import _, _l
from kernel.identity import record_id
from kernel.parties.models import Organisation
from kernel.scores import mean
from kernel.sheets import Sheet, Value
from procurement.demand.models import Lot
from procurement.rounds.experts import queries
from procurement.rounds.experts.models import Seat
from procurement.rounds.experts.queries import Board
from procurement.rounds.labels.facts import named
from procurement.rounds.queries import rounds


@dataclass(frozen=True, slots=True)
class Row:
    """A company's scores of one item in a lot, by expert, with their mean; None where too few are in."""

    lot: Lot
    company: Organisation
    item: str
    given: Sequence[tuple[Seat, Decimal]]
    mean: Decimal | None


def table(session: Session, found: Board) -> list[Row]:
    """Return the scores that may be read, by lot, company and item."""
    scores = queries.scores(found)
    lots = {lot.id: lot for lot in rounds.lots(session, found.panel.round_)}
    companies = queries.companies(session, {company for _lot, company, _item in scores})
    place = {company: number for number, company in enumerate(companies)}
    order = {item: number for number, item in enumerate(found.manner.items)}
    rows = [
        Row(lots[lot], companies[company], item, given, _mean(found, given))
        for (lot, company, item), given in scores.items()
    ]
    return sorted(rows, key=lambda row: (row.lot.number, place[row.company.id], order.get(row.item, 0)))


def _mean(found: Board, given: Sequence[tuple[Seat, Decimal]]) -> Decimal | None:
    if len(given) < found.manner.fewest:
        return None
    return mean([score for _seat, score in given], found.manner.trim, found.manner.decimals)


def sheet(session: Session, asked: Mapping[str, str], actor: Actor, at: datetime) -> Sheet:
    """Return a round's score sheets, a row for each score; NotFound for those who do not oversee rounds."""
    round_ = queries.for_inside(session, record_id(asked.get("round", "")) or 0, actor)
    panel = queries.panel(session, round_)
    if panel is None:
        raise NotFound(round=round_.id)
    headers = (
        _("No."), _("Variety"), _("Company"), _("Item"), _("Expert No."), _("Expert"), _("Institution"), _("Score"),
        _("Mean"),
    )  # fmt: skip
    return Sheet(
        str(_("Score sheets")), tuple(map(str, headers)),
        [line for row in table(session, queries.board(session, panel, at)) for line in _lines(row)],
    )  # fmt: skip


def _lines(row: Row) -> list[tuple[Value, ...]]:
    return [
        (row.lot.number, row.lot.variety.name, row.company.name, named(f"score_{row.item}"), seat.number,
         seat.user.name, seat.user.organisation.name, score, row.mean)
        for seat, score in row.given
    ]  # fmt: skip


export("procurement.expert-scores", _l("Score sheets"), P.BID_READ, sheet)
