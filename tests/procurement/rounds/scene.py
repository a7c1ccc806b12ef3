"""A round among invented companies: a locked collection, two officers, hospitals in three regions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.models import FormGroup, GenericName, Product, Specification, Variety
from catalogue.drugs.rules.forms import Form, FormKind
from kernel import clock
from kernel.auth.actor import Actor
from kernel.auth.guard import actor_of
from kernel.auth.models import User, UserRole
from kernel.auth.permissions import Role
from kernel.parties.codes import OrganisationKind, OrganisationState
from kernel.parties.models import Organisation, Region
from procurement.bids import services as bids
from procurement.bids.flow import BidState
from procurement.bids.models import Bid, OpenedLine, Submission
from procurement.bids.rules import BidLine
from procurement.demand.flow import CallState, ReportState
from procurement.demand.models import BaseVolume, Call, Lot, LotSpecification, Report, ReportLine
from procurement.rounds.draft.services import sessions
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results
from procurement.rounds.revivals import queries as revived
from procurement.rounds.revivals import services as revivals
from procurement.rounds.revivals.flow import OfferState
from procurement.rounds.revivals.rules import Board
from procurement.rounds.services import announcing, evaluation, opening, publishing, setup
from procurement.rounds.services.setup import Calendar
from tests.factories.letters import bind

START = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
RECEIVES = datetime(2026, 11, 5, 1, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
OPENED = DEADLINE + timedelta(minutes=30)
REGIONS = ("320100", "320200", "320300")
NAMES = ["明川", "海岳", "华辰", "瑞和", "江海", "北原", "康陵", "同泽", "远山", "嘉树", "南浦", "启衡", "金堂", "青禾"]
PRICES = {1: ("0.5000", "0.8000", "0.9000", "1.2000", "0.4000"), 2: ("1.0000", "1.1000", "1.9000", "1.9500", "1.0500")}
FACTOR = Decimal("0.588235294118")


@dataclass
class Scene:
    """People, lots and the round by short names."""

    session: Session
    actors: dict[str, Actor] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    lots: dict[int, Lot] = field(default_factory=dict)
    call: Call | None = None
    round_: Round | None = None

    @property
    def round_id(self) -> int:
        """The round's id."""
        assert self.round_ is not None
        return self.round_.id

    def act(self, verb: Callable[..., Any], who: str = "officer", at: datetime = START, **values: Any) -> Any:
        """Let somebody do something at an instant, the database's clock included."""
        with clock.travel(to=at + timedelta(milliseconds=2)):  # SQLite's clock cuts below the millisecond
            return verb(self.session, actor=self.actors[who], at=at, **values)

    def does(self, verb: Callable[..., Any], who: str = "officer", at: datetime = START, **values: Any) -> Any:
        """The same with the scene's round."""
        return self.act(verb, who, at, round_id=self.round_id, **values)

    def organisation(self, key: str, kind: OrganisationKind, name: str, region: str | None = None) -> Organisation:
        """Add an organisation."""
        made = Organisation(
            kind=kind, name=name, code=f"C{len(self.organisations):017}", region_code=region,
            state=OrganisationState.ACTIVE, created_at=START,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        self.organisations[key] = made
        return made

    def person(self, key: str, organisation: Organisation, role: Role) -> Actor:
        """Add a person."""
        user = User(
            login=key, name=f"{key}人", organisation=organisation, created_at=START, roles=[UserRole(role=role)]
        )
        self.session.add(user)
        self.session.flush()
        self.actors[key] = actor_of(user)
        return self.actors[key]

    def company(self, number: int) -> int:
        """The id of company c1, c2, …"""
        return self.organisations[f"c{number}"].id

    def draft(self, rules: str = "batch-4", **values: Any) -> Round:
        """Set a round up, ready to be published."""
        assert self.call is not None
        self.round_ = self.act(
            setup.create, call_id=self.call.id, code="LM-2026-01", title="省际联盟第一批", rule_set_id=rules
        )
        calendar = Calendar(receives_from=RECEIVES, deadline=DEADLINE, publicity_days=3)
        self.does(setup.set_calendar, calendar=calendar)
        return self.round_

    def publish(self, rules: str = "batch-4") -> Round:
        """Set a round up and publish it, by two people."""
        made = self.draft(rules)
        self.does(publishing.publish, "reviewer")
        return made

    def bid(self, company: int, prices: Mapping[int, str | Sequence[str]], at: datetime | None = None) -> None:
        """Let a company bid: its price of the reference specification by lot, or of both specifications."""
        assert self.round_ is not None
        lines = []
        for number, typed in prices.items():
            texts = (typed,) if isinstance(typed, str) else typed
            specs = self.lots[number].specifications
            lines += [
                BidLine(self.lots[number].id, spec.specification_id, text)
                for spec, text in zip(specs, texts, strict=False)
            ]
        with clock.travel(to=at or RECEIVES + timedelta(hours=1)):
            bids.submit(self.session, box_id=self.round_.box_id, lines=lines, actor=self.actors[f"c{company}"])

    def bid_all(self, prices: Mapping[int, Sequence[str]] = PRICES) -> None:
        """Let every company bid for every lot it has a price for; an empty text is no bid."""
        for index in range(max(map(len, prices.values()))):
            own = {lot: texts[index] for lot, texts in prices.items() if index < len(texts) and texts[index]}
            if own:
                self.bid(index + 1, own)

    def opened(self, rules: str = "batch-4", prices: Mapping[int, Sequence[str]] = PRICES) -> Round:
        """A round whose bids are opened."""
        made = self.publish(rules)
        self.bid_all(prices)
        self.does(opening.open_bids, at=OPENED)
        return made

    def evaluated(self, rules: str = "batch-4", prices: Mapping[int, Sequence[str]] = PRICES) -> Round:
        """A round that was evaluated once."""
        made = self.opened(rules, prices)
        self.does(evaluation.evaluate, at=OPENED)
        return made

    def revive(self, at: datetime, takes: Mapping[int, bool] | None = None) -> None:
        """Offer every revival, stage by stage; companies answer by number, the others stay silent; evaluate again."""
        while self.board(at).due:
            self.does(revivals.send, at=at, deadline=at + timedelta(minutes=5))
            for number, accepts in (takes or {}).items():
                for offer in self.offers(number):
                    self.act(revivals.answer, f"c{number}", at + timedelta(minutes=1), offer_id=offer, accepts=accepts)
            at += timedelta(minutes=6)
            self.does(evaluation.evaluate, at=at)

    def board(self, at: datetime) -> Board:
        """Where the revivals of the round stand."""
        assert self.round_ is not None
        newest = results.latest(self.session, self.round_)
        assert newest is not None
        return revived.board_of(self.session, self.round_, newest, at)

    def offers(self, company: int) -> list[int]:
        """The open offers of a company."""
        found = revived.own(self.session, self.actors[f"c{company}"])
        return [one.id for one in found if one.state is OfferState.OPEN]

    def announced(self, rules: str = "batch-4", prices: Mapping[int, Sequence[str]] = PRICES) -> Round:
        """A round in its publicity period."""
        made = self.evaluated(rules, prices)
        self.revive(OPENED + timedelta(minutes=10))
        self.does(announcing.announce, at=OPENED + timedelta(hours=1))
        return made

    def awarded(self, rules: str = "batch-4", prices: Mapping[int, Sequence[str]] = PRICES) -> Round:
        """A round with its final award."""
        made = self.announced(rules, prices)
        self.does(sessions.run, at=OPENED + timedelta(days=2))
        self.does(announcing.award, "reviewer", at=OPENED + timedelta(days=4))
        return made


def populate(session: Session, *, lots: int = 2, companies: int = 5, regions: Sequence[str] = REGIONS) -> Scene:
    """Make the people, the drugs and a locked collection."""
    scene = Scene(session)
    session.add_all([Region(code=code, name=f"地区{code}") for code in regions])
    session.flush()
    agency = scene.organisation("agency", OrganisationKind.AGENCY, "江州省药品采购中心")
    for key in ("officer", "reviewer"):
        scene.person(key, agency, Role.AGENCY_OFFICER)
    bureau = scene.organisation("bureau", OrganisationKind.BUREAU, "江州省医疗保障局")
    scene.person("supervisor", bureau, Role.SUPERVISOR)
    for index, code in enumerate(regions, 1):
        hospital = scene.organisation(f"h{index}", OrganisationKind.HOSPITAL, f"第{index}医院", code)
        scene.person(f"h{index}", hospital, Role.PHARMACIST)
    for number in range(1, companies + 1):
        name = NAMES[number - 1] if number <= len(NAMES) else f"企业{number}"
        company = scene.organisation(f"c{number}", OrganisationKind.COMPANY, f"{name}药业有限公司")
        bind(session, scene.person(f"c{number}", company, Role.MANUFACTURER))
    scene.call = Call(
        code="BL-2027", title="2027 年度报量", year=2027, state=CallState.LOCKED, deadline=START, created_at=START
    )
    group = FormGroup(name="口服常释剂型", kind=FormKind.ORAL_SOLID)
    session.add_all([scene.call, group])
    reports = {
        f"h{index}": Report(
            call=scene.call, hospital=scene.organisations[f"h{index}"], state=ReportState.ACCEPTED, saved_at=START
        )
        for index in range(1, len(regions) + 1)
    }
    for number in range(1, lots + 1):
        _lot(scene, number, group, companies, regions, reports)
    session.flush()
    return scene


def _lot(
    scene: Scene, number: int, group: FormGroup, companies: int, regions: Sequence[str], reports: Mapping[str, Report]
) -> None:
    variety = Variety(code=f"V{number:03}", generic_name=GenericName(name=f"试验药{number}"), form_group=group)
    lot = Lot(call=scene.call, number=number, variety=variety, form_kind=FormKind.ORAL_SOLID)
    scene.session.add_all([variety, lot])
    for index, text in enumerate(("10mg", "5mg")):
        spec = Specification(
            variety=variety, text=text, form=Form.TABLET, unit="片", is_reference=index == 0,
            price_factor=Decimal("0.588235") if index else Decimal(1),
            volume_factor=Decimal("0.5") if index else Decimal(1),
        )  # fmt: skip
        scene.session.add(spec)
        scene.session.flush()
        scene.session.add(
            LotSpecification(
                lot=lot,
                specification_id=spec.id,
                cap=Decimal("2.0000") if index == 0 else Decimal("1.2000"),
                price_factor=FACTOR if index else Decimal(1),
                volume_factor=spec.volume_factor,
                is_reference=index == 0,
            )
        )
        scene.session.add_all(
            Product(
                company=scene.organisations[f"c{company}"], specification_id=spec.id,
                registered_name=f"试验药{number}片", pack=30, approval_number=f"国药准字H2{company:03}{spec.id:04}",
            )
            for company in range(1, companies + 1)
        )  # fmt: skip
        for place, code in enumerate(regions, 1):
            quantity = Decimal(1000 * place * (index + 1))
            scene.session.add_all([
                BaseVolume(lot_id=lot.id, specification_id=spec.id, region_code=code, quantity=quantity),
                ReportLine(report=reports[f"h{place}"], lot_id=lot.id, specification_id=spec.id, quantity=quantity),
            ])  # fmt: skip
    scene.session.flush()
    scene.session.refresh(lot, ["specifications"])
    assert len(lot.specifications) == 2
    scene.lots[number] = lot


def open_directly(scene: Scene, prices: Mapping[int, Mapping[int, str]]) -> None:
    """Write opened lines as an opening would, for rounds too large to bid one by one: {lot: {company: price}}."""
    assert scene.round_ is not None
    box = scene.round_.box
    for company in sorted({company for own in prices.values() for company in own}):
        submission = Submission(
            box_id=box.id, company_id=scene.company(company), number=company, receipt=f"R{company}", lots=1, digest="d",
            user_id=scene.actors[f"c{company}"].user_id, at=DEADLINE,
        )  # fmt: skip
        scene.session.add(submission)
        scene.session.flush()
        for number, own in prices.items():
            if company in own:
                spec = scene.lots[number].specifications[0].specification_id
                bid = Bid(
                    box_id=box.id, lot_id=scene.lots[number].id, company_id=scene.company(company),
                    state=BidState.OPENED, submission_id=submission.id, digest="d", at=DEADLINE,
                )  # fmt: skip
                scene.session.add(bid)
                scene.session.flush()
                scene.session.add(
                    OpenedLine(
                        bid_id=bid.id,
                        lot_id=bid.lot_id,
                        company_id=bid.company_id,
                        specification_id=spec,
                        typed=own[company],
                        unit_price=Decimal(own[company]),
                    )
                )
    scene.session.flush()
