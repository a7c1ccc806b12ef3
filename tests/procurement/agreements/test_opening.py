"""Agreements that follow from an award enter the ledger as reported, agreed and allocated."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from kernel.clock import today
from procurement.agreements import services
from procurement.agreements.ledger.models import VolumeAccount, VolumeEntry
from procurement.agreements.models import Agreement
from procurement.orders.reconciliation.queries import reconcile
from tests.procurement.rounds.scene import OPENED, Scene

LATE = OPENED + timedelta(days=5)


def test_an_award_s_agreements_are_entered_whole(scene: Scene) -> None:
    scene.awarded()
    scene.does(services.create_agreements, at=LATE)
    session = scene.session
    made = {one.id: one for one in session.scalars(select(Agreement))}
    accounts = session.scalars(select(VolumeAccount)).all()
    assert {one.agreement_id for one in accounts} == set(made)
    assert all(one.allocated == one.agreed == made[one.agreement_id or 0].agreed <= one.reported for one in accounts)
    assert any(one.reported > one.agreed for one in accounts)
    assert session.scalar(select(func.count(VolumeEntry.id))) == 3 * len(made)
    assert reconcile(session, day=today(LATE)).agrees
