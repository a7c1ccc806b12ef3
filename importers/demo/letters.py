"""Commitment letters of the demo: a company signs the year's before it bids."""

from __future__ import annotations

from datetime import datetime

from importers.demo.stage import Stage
from kernel import clock
from kernel.parties.models import Organisation
from pricing.credit import queries, services
from pricing.credit.rules import digest, letter


def sign(stage: Stage, company_id: int, at: datetime) -> None:
    """Let a company sign the letter of a moment's year, if it has not."""
    with stage.at(at) as session:
        if not queries.signed(session, [company_id], clock.today(at)):
            found = session.get_one(Organisation, company_id)
            text = letter(name=found.name, code=found.code, year=clock.today(at).year)
            services.sign(session, shown=digest(text), actor=stage.company(company_id), at=at)
