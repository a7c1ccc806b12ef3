"""A round that allows joint bids, with a third company, and a joint as tests propose it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel import clock
from kernel.auth.permissions import Role
from kernel.errors import DomainError
from kernel.parties.codes import OrganisationKind
from kernel.parties.models import Organisation
from procurement.bids.joints import services
from procurement.bids.joints.models import Joint
from procurement.bids.joints.rules import Part
from procurement.bids.joints.services import Agreement
from procurement.bids.models import Box
from tests.factories.letters import bind

from .conftest import DEADLINE, World, build, organisation, person

FILE = Agreement("明川与清河 协议.pdf", b"%PDF-1.7 agreed")
NOW = DEADLINE - timedelta(days=2)


def with_joints(session: Session, most: int = 3) -> World:
    """The world of bids with a third company, in a round that allows joints."""
    world = build(session)
    session.get_one(Box, world.box_id).joint_most = most
    third = organisation(session, "c", OrganisationKind.COMPANY, "同泽医药有限公司", "911100001000003399")
    world.actors["c"] = bind(session, person(session, third, "c", Role.MANUFACTURER))
    world.actors["b2"] = person(session, session.get_one(Organisation, world.companies["b"]), "b2", Role.MANUFACTURER)
    world.companies["c"] = third.id
    for lot in world.lots[:2]:
        session.add_all(
            Product(
                company_id=third.id, specification_id=spec, registered_name="试验药", pack=10,
                approval_number=f"国药准字H2099{spec:04d}",
            )
            for spec in world.specifications[lot]
        )  # fmt: skip
    session.flush()
    return world


def propose(session: Session, world: World, who: str = "a", lot: int = 0, **shares: str) -> Joint:
    """Propose a joint: the lead's share under its own name."""
    asked = shares or {"a": "60", "b": "40"}
    members = [Part(world.companies[key], share) for key, share in asked.items() if key != who]
    return services.propose(
        session, box_id=world.box_id, lot_id=world.lots[lot], own_share=asked[who], members=members, agreement=FILE,
        actor=world.actors[who], at=clock.now(),
    )  # fmt: skip


def act(session: Session, verb: Any, joint: Joint, actor: Any) -> Joint:
    made: Joint = verb(session, joint_id=joint.id, actor=actor, at=clock.now())
    return made


def refused(call: Any, *args: Any, **values: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        call(*args, **values)
    return refusal.value.code
