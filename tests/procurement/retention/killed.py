"""Run by a test in a process of its own and killed in the middle: computes version after version, a line for each."""

from __future__ import annotations

import json
import sys

import wsgi
from kernel import money
from kernel.auth.models import User
from kernel.auth.queries import actor_of
from kernel.db import Database, make_engine
from procurement.retention.services import computing
from tests.procurement.orders.market import NOW

from .scene import AREA


def main(url: str, told: dict[str, int]) -> None:
    """Compute until killed; a number is told once its transaction is committed."""
    money.trap_floats()
    wsgi.load_models()
    database = Database(make_engine(url))
    while True:
        with database.transaction() as session:
            run = computing.compute(
                session, round_id=told["round"], year=1, area_code=AREA, rules_id=told["rules"], reason="复算",
                actor=actor_of(session.get_one(User, told["user"])), at=NOW,
            )  # fmt: skip
            number = run.number
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
