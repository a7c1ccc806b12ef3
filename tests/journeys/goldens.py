"""A golden's cases as the lots of a round: its bids handed in and opened, its other columns as review facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask

from catalogue.drugs.models import Product, Specification
from catalogue.drugs.rules.forms import Form
from kernel import clock
from kernel.db import Database
from procurement.bids import services as bids
from procurement.bids.rules import BidLine
from procurement.demand.models import Lot, LotSpecification
from procurement.rounds.rules.cells import written
from procurement.rounds.rules.freezing import written as toml
from procurement.rounds.services import opening, publishing, setup
from procurement.rounds.services.setup import Filling
from tests.procurement.rounds.scene import OPENED, RECEIVES, Scene
from tests.procurement.rounds.site import Site, make
from tests.procurement.rounds.test_golden import GOLDEN, OWN, flat

Bid = Mapping[str, Any]
WHOLE = "整套"


@dataclass
class GoldenRound:
    """The round, its cases by lot number, and the facts of each bid: (lot, company, specification) → column → text."""

    site: Site
    rule_set: str
    cases: dict[int, Mapping[str, Any]]
    companies: dict[str, int] = field(default_factory=dict)
    facts: dict[tuple[int, str, str], dict[str, str]] = field(default_factory=dict)

    def name(self, company: str) -> str:
        """Return a company's name on the platform."""
        return self.site.built.organisations[f"c{self.companies[company]}"].name

    def bids(self, number: int) -> Sequence[Bid]:
        """Return a case's bids within their caps: the platform refuses the upload of others unless rules say else."""
        case = self.cases[number]
        return [bid for bid in case["bids"] if Decimal(bid["price"]) <= cap_of(bid, case)]


def cap_of(bid: Bid, case: Mapping[str, Any]) -> Decimal:
    """Return the cap of a bid in a golden."""
    return Decimal(bid.get("cap", case.get("cap")))


def opened(app: Flask, database: Database, rule_set: str, numbers: Sequence[int]) -> GoldenRound:
    """Set a round up with the cases of those places in the golden, hand their bids in and open them."""
    cases = {lot: GOLDEN[rule_set]["case"][number] for lot, number in enumerate(numbers, 1)}
    names = sorted({bid["company"] for case in cases.values() for bid in case["bids"]})
    made = GoldenRound(make(app, database, lots=len(cases), companies=len(names)), rule_set, cases)
    made.companies = {name: number for number, name in enumerate(names, 1)}
    with made.site.scene() as scene:
        _prepare(made, scene)
        for name in names:
            _hand_in(made, scene, name)
        scene.does(opening.open_bids, at=OPENED)
    return made


def _prepare(made: GoldenRound, scene: Scene) -> None:
    scene.lots = {number: scene.session.get_one(Lot, lot.id) for number, lot in scene.lots.items()}
    for number in made.cases:
        _specifications(made, scene, number)
    scene.draft(made.rule_set)
    fill = flat(next(iter(made.cases.values())).get("fill", {}))
    fillings = {name: Filling(toml(value), "采购文件", "本轮采用") for name, value in fill.items()}
    if fillings:
        scene.does(setup.fill_parameters, fillings=fillings)
    caps = {
        row.id: max(cap_of(bid, case) for bid in case["bids"])
        for number, case in made.cases.items()
        for row in scene.lots[number].specifications
    }
    scene.does(setup.set_caps, caps=caps)
    scene.does(publishing.publish, "reviewer")


def _specifications(made: GoldenRound, scene: Scene, number: int) -> None:
    """Give a lot a specification for each component that is bid, the whole system being the reference."""
    parts = [bid["component"] for bid in made.cases[number]["bids"] if "component" in bid]
    texts = [*dict.fromkeys([WHOLE, *parts])] if parts else []
    lot = scene.lots[number]
    for place, text in zip(lot.specifications, texts, strict=False):
        place.specification.text = text
    for text in texts[len(lot.specifications) :]:
        spec = Specification(
            variety=lot.variety, text=text, form=Form.TABLET, unit="件", is_reference=False, price_factor=Decimal(1),
            volume_factor=Decimal(1),
        )  # fmt: skip
        scene.session.add(spec)
        scene.session.flush()
        scene.session.add(
            LotSpecification(
                lot=lot, specification_id=spec.id, price_factor=Decimal(1), volume_factor=Decimal(1), is_reference=False
            )
        )
        scene.session.add_all(
            Product(
                company_id=scene.company(company), specification_id=spec.id, registered_name=text, pack=1,
                approval_number=f"国械注准2026{company:02}{spec.id:04}",
            )
            for company in made.companies.values()
        )  # fmt: skip
    scene.session.flush()
    scene.session.refresh(lot, ["specifications"])


def _hand_in(made: GoldenRound, scene: Scene, name: str) -> None:
    """Hand in all bids of a company, and remember what the golden says about each beside the price."""
    lines = []
    for number in made.cases:
        places = {place.specification.text: place.specification_id for place in scene.lots[number].specifications}
        for bid in made.bids(number):
            if bid["company"] == name:
                text = bid.get("component") or next(iter(places))
                lines.append(BidLine(scene.lots[number].id, places[text], format(Decimal(bid["price"]), "f")))
                extra = {key: value for key, value in bid.items() if key not in (*OWN, "component")}
                made.facts[number, made.name(name), text] = {key: typed(value) for key, value in extra.items()}
    assert scene.round_ is not None
    if not lines:
        return
    with clock.travel(to=RECEIVES + timedelta(hours=1)):
        bids.submit(
            scene.session, box_id=scene.round_.box_id, lines=lines, actor=scene.actors[f"c{made.companies[name]}"]
        )


def typed(value: Any) -> str:
    """Write a golden's value as a person types it."""
    return written(Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value)
