"""Run by tests in a process of its own and killed in the middle: `python -m … URL SCENARIO JSON`.

Each scenario acts again and again, and tells a line for every act that was committed.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from decimal import Decimal
from typing import Any

import wsgi
from kernel import clock
from kernel.auth.actor import Actor
from kernel.auth.models import User
from kernel.auth.queries import actor_of
from kernel.db import Database, make_engine


def acting(session: Any, user_id: int) -> Actor:
    return actor_of(session.get_one(User, user_id))


def draft(database: Database, told: dict[str, Any], at: datetime) -> None:
    """Take region after region, whoever's turn it is."""
    from procurement.rounds.draft import queries, rules
    from procurement.rounds.draft.services import turns
    from procurement.rounds.models.rounds import Round

    while True:
        with database.transaction() as session:
            round_ = session.get_one(Round, told["round"])
            found = queries.standing(session, queries.one(session, round_, 1), at)
            row, now = next((row, rules.position(lot)) for row, lot in found.rows() if not lot.finished)
            assert now is not None
            taken = turns.choose(
                session, round_id=round_.id, number=1, lot_number=row.lot.number, region_code=sorted(now.allowed)[0],
                actor=acting(session, told["users"][str(now.company)]), at=at,
            )  # fmt: skip
            line = f"{row.lot.number} {taken.role.value} {taken.number} {taken.region}"
        say(line)


def division(database: Database, told: dict[str, Any], at: datetime) -> None:
    """Hand in one division after the other."""
    from procurement.agreements.reassignment import services

    turn = 0
    while True:
        turn += 1
        typed = {int(row): text for row, text in told["divisions"][turn % len(told["divisions"])].items()}
        with database.transaction() as session:
            actor = acting(session, told["user"])
            services.divide(session, round_id=told["round"], typed=typed, submit=True, actor=actor, at=at)
        say(str(turn))


def autosave(database: Database, told: dict[str, Any], at: datetime) -> None:
    """Keep a draft in which every line says the same figure, one more each time."""
    from procurement.demand.models import Report
    from procurement.demand.rules import Asked
    from procurement.demand.services import drafts

    figure = told["from"]
    while True:
        figure += 1
        with database.transaction() as session:
            actor = acting(session, told["user"])
            report = session.query(Report).filter_by(hospital_id=actor.organisation_id).one_or_none()
            lines = [Asked(each, None, Decimal(figure), None) for each in told["specifications"]]
            version = report.version if report else 0
            drafts.keep_draft(session, call_id=told["call"], version=version, lines=lines, actor=actor, at=at)
        say(str(figure))


def answers(database: Database, told: dict[str, Any], at: datetime) -> None:
    """Answer every offer."""
    from procurement.rounds.revivals import services

    for offer, user in told["offers"]:
        with database.transaction() as session:
            actor = acting(session, user)
            made = services.answer(session, offer_id=offer, accepts=offer % 2 == 0, actor=actor, at=at)
            receipt = made.receipt
        say(receipt)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    wsgi.load_models()
    url, scenario, values = sys.argv[1:]
    read = json.loads(values)
    start = datetime.fromisoformat(read["at"])
    with clock.travel(to=start):
        {"draft": draft, "division": division, "autosave": autosave, "answers": answers}[scenario](
            Database(make_engine(url)), read, start
        )
