"""Varieties, specifications and products of the demo."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from catalogue.drugs.models import Specification, Variety
from catalogue.drugs.rules.codes import VolumeClass
from catalogue.drugs.rules.drafts import SpecificationDraft
from catalogue.drugs.rules.forms import FormKind, read_form
from catalogue.drugs.services import products, varieties
from importers.demo.parties import Cast, read
from kernel.auth.actor import Actor
from kernel.parties.models import Organisation

CLASSES = {"general": VolumeClass.GENERAL, "class-b": VolumeClass.B, "class-c": VolumeClass.C}


@dataclass(frozen=True, slots=True)
class Drug:
    """A variety with what the demo's rounds need: who makes it, its cap, a middling hospital's yearly need."""

    variety: Variety
    specifications: list[Specification]
    makers: list[Organisation]
    cap: Decimal
    need: int


def build(session: Session, cast: Cast, chance: random.Random, actor: Actor, at: datetime) -> list[Drug]:
    """Make forty varieties, each with three to eleven makers."""
    made = []
    for number, row in enumerate(read("varieties.toml")["varieties"]["rows"], start=1):
        name, group, form_name, kind, volume_class, texts, pack, cap, need = row
        variety = varieties.create_variety(
            session, code=f"V{number:03d}", generic_name=name, form_group=group, form_kind=FormKind(kind),
            volume_class=CLASSES[volume_class], actor=actor, at=at,
        )  # fmt: skip
        specifications = [
            varieties.add_specification(
                session,
                variety_id=variety.id,
                actor=actor,
                at=at,
                draft=SpecificationDraft(text=text, form=read_form(form_name), is_reference=place == 0),
            )
            for place, text in enumerate(texts)
        ]
        session.flush()
        makers = chance.sample(cast.companies, chance.choice((3, 4, 4, 5, 5, 6, 7, 8, 9, 11)))
        drug = Drug(variety, specifications, makers, Decimal(cap), need)
        _products(session, drug, number, pack, form_name, chance, actor, at)
        made.append(drug)
    return made


def _products(
    session: Session,
    drug: Drug,
    number: int,
    pack: int,
    form_name: str,
    chance: random.Random,
    actor: Actor,
    at: datetime,
) -> None:
    for place, maker in enumerate(drug.makers):
        kept = drug.specifications if chance.random() < 0.4 else drug.specifications[:1]
        for step, specification in enumerate(kept):
            products.create_product(
                session, company_id=maker.id, specification_id=specification.id, actor=actor, at=at,
                draft=products.ProductDraft(
                    registered_name=drug.variety.generic_name.name + form_name,
                    approval_number=f"国药准字H{20190000 + number * 100 + place * 3 + step}", pack=pack,
                    packing=f"{pack}/盒",
                ),
            )  # fmt: skip
