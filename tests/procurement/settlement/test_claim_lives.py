"""Anybody tries anything with claims, runs and invoices: what the rules forbid changes nothing, nothing is paid twice.

What is legal is told here from the tables, apart from the code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel import clock
from kernel.db import Database
from kernel.errors import DomainError
from procurement.settlement.claims import services as claims
from procurement.settlement.flow import Channel, ClaimState, InvoiceState, RunState
from procurement.settlement.models.claims import Claim, Run
from procurement.settlement.models.invoices import Invoice, Payment
from procurement.settlement.runs import services as runs
from procurement.settlement.services import paying
from tests.procurement.orders.market import NOW, Market, populate
from tests.procurement.rounds.held import Held

from .funded import LAST, PAID_ON, agrees, matched

SELLERS = ("company1", "company2")
FINANCE = ("h1-finance", "h2-finance")
AGENCY = ("agency", "agency-second")
PEOPLE = (*SELLERS, *FINANCE, *AGENCY, "h1", "distributor")
ACTS = ("file", "approve", "return", "withdraw", "prepare", "cancel", "pay run", "pay")
WEIGHTS = (4, 4, 1, 1, 4, 1, 4, 1)
TABLES = ("settlement_invoice", "settlement_payment", "settlement_claim", "settlement_run", "settlement_fund_account",
          "settlement_fund_entry", "settlement_entry", "shipment_line", "volume_entry", "audit_entry")  # fmt: skip
LIVE = (ClaimState.FILED, ClaimState.APPROVED, ClaimState.PAID)


@dataclass
class Life:
    """One life over the same eight invoices."""

    held: Held
    market: Market
    dice: Random
    tally: Counter[tuple[str, bool]]

    def step(self) -> None:
        """Let somebody try something; every other time what he may, or lives would hardly get anywhere."""
        late, may = self.dice.random() < 0.05, self.dice.random() < 0.5
        with clock.travel(to=LAST + timedelta(seconds=1) if late else NOW):
            with self.held.transaction(write=False) as session:
                for _try in range(40):
                    (act,) = self.dice.choices(ACTS, WEIGHTS)
                    who, targets = self.pick(session, act)
                    legal = self.legal(session, act, who, targets) and not (late and act == "file")
                    if legal or not may:
                        break
            before = self.rows()
            done = self.tried(act, who, targets)
            assert done == legal, (act, who, targets, late)
            self.tally[act, done] += 1
            if not done:
                assert self.rows() == before
                return
            with self.held.transaction(write=False) as session:
                must_hold(session)

    def pick(self, session: Session, act: str) -> tuple[str, list[Any]]:
        """Return somebody, mostly of the side that might, and some of what the act is about."""
        kind = {"file": Invoice, "pay": Invoice, "cancel": Run, "pay run": Run}.get(act, Claim)
        rows = list(session.scalars(select(kind).order_by(kind.id)))
        if not rows:
            return self.dice.choice(PEOPLE), [0]
        first = self.dice.choice(rows)
        if act == "file" and self.dice.random() < 0.8:
            rows = [one for one in rows if (one.seller_id, one.hospital_id) == (first.seller_id, first.hospital_id)]
        several = self.dice.randint(1, 3) if act in ("file", "prepare") else 1
        others = [one.id for one in self.dice.sample(rows, min(len(rows), several)) if one is not first]
        return self.somebody(act, first), [first.id, *others][:several]

    def somebody(self, act: str, first: Any) -> str:
        """Return one of the side that acts so, mostly."""
        if self.dice.random() < 0.2:
            return self.dice.choice(PEOPLE)
        if act in ("prepare", "cancel", "pay run"):
            return self.dice.choice(AGENCY)
        sells = act in ("file", "withdraw")
        party = first.seller_id if sells else first.hospital_id
        group = SELLERS if sells else FINANCE
        return next(who for who in group if self.market.actors[who].organisation_id == party)

    def legal(self, session: Session, act: str, who: str, targets: list[int]) -> bool:
        """Say what the rules say."""
        own = self.market.actors[who].organisation_id
        if act in ("file", "pay"):
            found = [session.get(Invoice, one) for one in targets]
            free = all(
                one and one.state is InvoiceState.MATCHED and one.claim_id is one.payment_id is None for one in found
            )
            if act == "pay":
                return free and who in FINANCE and found[0] is not None and found[0].hospital_id == own
            return (
                free
                and who in SELLERS
                and {(one.seller_id, one.hospital_id) for one in found if one}
                == {(own, found[0].hospital_id if found[0] else 0)}
            )
        if act in ("cancel", "pay run"):
            run = session.get(Run, targets[0])
            other = run is not None and run.prepared_by_id != self.market.actors[who].user_id
            ready = run is not None and run.state is RunState.PREPARED and who in AGENCY
            return ready and (other or act == "cancel")
        some = [session.get(Claim, one) for one in targets]
        if act == "prepare":
            return who in AGENCY and all(one and one.state is ClaimState.APPROVED and not one.run_id for one in some)
        claim = some[0]
        free = claim is not None and claim.state is ClaimState.APPROVED and claim.run_id is None
        if claim is None or not (claim.state is ClaimState.FILED or (free and act == "return")):
            return False
        side = claim.seller_id if act == "withdraw" else claim.hospital_id
        return side == own and who in (SELLERS if act == "withdraw" else FINANCE)

    def tried(self, act: str, who: str, targets: list[int]) -> bool:
        """Try it, and say whether it was done."""
        own: dict[str, Any] = {"actor": self.market.actors[who], "at": clock.now()}
        reference = f"T{self.dice.random()}"
        try:
            with self.held.transaction() as session:
                if act == "file":
                    first = session.get_one(Invoice, targets[0])
                    claims.file(session, hospital_id=first.hospital_id, invoice_ids=targets, **own)
                elif act == "prepare":
                    runs.prepare(session, claim_ids=targets, **own)
                elif act == "cancel":
                    runs.cancel(session, fund_run_id=targets[0], **own)
                elif act == "pay run":
                    runs.pay(session, fund_run_id=targets[0], reference=reference, paid_on=PAID_ON, **own)
                elif act == "pay":
                    paying.pay(session, invoice_ids=targets, reference=reference, paid_on=PAID_ON, **own)
                elif act == "return":
                    claims.return_(session, claim_id=targets[0], reason="金额不符", **own)
                else:
                    {"approve": claims.approve, "withdraw": claims.withdraw}[act](session, claim_id=targets[0], **own)
        except DomainError:
            return False
        return True

    def rows(self) -> list[Any]:
        """Everything an act may have changed, read beside the sessions."""
        run = self.held.connection.exec_driver_sql
        return [run(f'select * from "{name}" order by id').fetchall() for name in TABLES]


def must_hold(session: Session) -> None:
    """Each invoice is in one claim that lives, and paid once, by whoever paid; amounts add up; the ledger agrees."""
    by_claim: dict[int, Decimal] = Counter()  # type: ignore[assignment]  # it begins at 0 and sums Decimals
    by_payment: dict[int, Decimal] = Counter()  # type: ignore[assignment]
    for one in session.scalars(select(Invoice)):
        assert (one.state is InvoiceState.PAID) == (one.payment_id is not None)
        if one.claim_id is not None:
            by_claim[one.claim_id] += one.amount
        if one.payment_id is not None:
            by_payment[one.payment_id] += one.amount
    for claim in session.scalars(select(Claim)):
        assert by_claim[claim.id] == (claim.amount if claim.state in LIVE else 0)
        assert claim.state is not ClaimState.PAID or (claim.run is not None and claim.run.state is RunState.PAID)
    for payment in session.scalars(select(Payment)):
        assert payment.amount == by_payment[payment.id] > 0
    funded = [one.amount for one in session.scalars(select(Payment).where(Payment.channel == Channel.FUND))]
    paid = [one.amount for one in session.scalars(select(Run).where(Run.state == RunState.PAID))]
    assert sum(funded) == sum(paid)
    assert agrees(session)


@pytest.fixture
def lives(database: Database) -> Iterator[Callable[[int, int], Life]]:
    """Begin lives over eight matched invoices of two sellers to two hospitals."""
    with database.transaction() as session, clock.travel(to=NOW):
        market = populate(session)
        for number in range(8):
            who, seller = FINANCE[number % 2].removesuffix("-finance"), SELLERS[number // 2 % 2]
            matched(session, market, number + 1, who=who, seller=seller, count=10 + number)
    held, tally = Held(database.engine), Counter[tuple[str, bool]]()

    def begin(seed: int, steps: int) -> Life:
        held.again()
        life = Life(held, market, Random(seed), tally)
        for _step in range(steps):
            life.step()
        return life

    yield begin
    held.end()


def test_no_invoice_is_claimed_or_paid_twice_whatever_is_tried(lives: Callable[[int, int], Life]) -> None:
    for seed in range(2):
        lives(seed, 50)


@pytest.mark.long
def test_no_invoice_is_claimed_or_paid_twice_in_many_lives(
    lives: Callable[[int, int], Life], database: Database, figure: Callable[[str], None]
) -> None:
    count = 100 if database.engine.dialect.name == "sqlite" else 20
    tally = [lives(seed, 50) for seed in range(100, 100 + count)][-1].tally
    told = (f"{act} {'done' if done else 'refused'} {n}" for (act, done), n in sorted(tally.items()))
    figure(f"{count} lives of claims: " + ", ".join(told))
    assert {(act, done) for act in ACTS for done in (True, False)} <= set(tally)
