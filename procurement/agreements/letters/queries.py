"""What the letter to each hospital says."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Specification
from kernel.periods import Period, last_day
from procurement.agreements.models import Agreement
from procurement.bids.joints import queries as joints
from procurement.demand.models import Lot
from procurement.rounds.announcements.queries import plain
from procurement.rounds.letters.queries import members
from procurement.rounds.models.awards import Award
from procurement.rounds.models.rounds import Round


def volumes(session: Session, round_: Round) -> dict[int, dict[str, Any]]:
    """Return the agreements of each hospital: products, prices, agreed volumes and the year."""
    query = (
        select(Agreement)
        .join(Award, Award.id == Agreement.award_id)
        .join(Lot, Lot.id == Award.lot_id)
        .where(Award.round_id == round_.id, Agreement.agreed > 0)
        .options(
            joinedload(Agreement.company), joinedload(Agreement.award).joinedload(Award.lot),
            joinedload(Agreement.specification).joinedload(Specification.variety),
        )
        .order_by(Agreement.hospital_id, Lot.number, Agreement.company_id, Agreement.specification_id)
    )  # fmt: skip
    bound = joints.standing(session, round_.box_id)
    found = groupby(session.scalars(query), key=lambda each: each.hospital_id)
    return {
        hospital: {"lots": [_row(each) | members(bound.get((each.award.lot_id, each.company_id))) for each in part]}
        for hospital, part in found
    }


def _row(one: Agreement) -> dict[str, Any]:
    last = last_day(Period(one.starts, one.ends))
    return {
        "number": one.award.lot.number, "variety": one.specification.variety.name,
        "specification": one.specification.text, "unit": one.specification.unit, "company": one.company.name,
        "price": plain(one.price), "agreed": plain(one.agreed), "year": one.year, "starts": one.starts.isoformat(),
        "ends": last.isoformat() if last else None,
    }  # fmt: skip
