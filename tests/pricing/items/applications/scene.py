"""A province with a round of new items: a bureau of the province, one of a city, hospitals, experts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from kernel import clock
from kernel.auth.actor import Actor, actor_for
from kernel.auth.models import User
from kernel.auth.permissions import Role
from kernel.parties.codes import OrganisationKind as Kind
from kernel.parties.models import Organisation, Region
from pricing.items.applications.flow import ApplicationAction, ApplicationState, Criterion, Ground
from pricing.items.applications.models import ItemApplication
from pricing.items.applications.rules import Draft
from pricing.items.applications.services import applying, panels, reviewing
from pricing.items.applications.services.acts import Attachment
from pricing.items.applications.services.applying import NewRound
from pricing.items.applications.services.reviewing import Proposal
from tests.factories.people import organisation, user

A, S = ApplicationAction, ApplicationState
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Beijing
PROVINCE, CITY, OTHER_CITY = "980000", "980100", "980200"
PDF, CODE = Attachment("成本测算.pdf", b"%PDF-1.4\n"), "98XZ0001"
DRAFT = Draft(
    name="人工智能辅助冠脉血流储备分数测定", connotation="导入冠脉CT影像，由软件计算血流储备分数，医师核对并出具报告",
    unit="次", output="评估冠脉狭窄的功能意义", composition="影像导入、计算、核对、报告所需的人力与设备",
    effect="避免有创检查", price=Decimal("480.00"),
)  # fmt: skip


@dataclass
class Scene:
    """Who is there, by short names."""

    users: dict[str, User]
    actors: dict[str, Actor]

    def act(self, name: str) -> Actor:
        return self.actors[name]

    def draft(self, session: Session, who: str = "hospital", draft: Draft = DRAFT, at: datetime = NOW) -> int:
        return applying.save(session, application_id=None, draft=draft, actor=self.act(who), at=at).id

    def submitted(self, session: Session, draft: Draft = DRAFT) -> int:
        made = self.draft(session, draft=draft)
        applying.submit(session, application_id=made, actor=self.act("hospital"), at=NOW)
        return made

    def decided(
        self, session: Session, made: int, verdict: ApplicationAction, *, at: datetime = NOW, who: str = "province",
        code: str = "", ground: Ground | None = None,
    ) -> ItemApplication:  # fmt: skip
        """Propose as the first officer, confirm as the second."""
        proposal = Proposal(verdict, "经审核", ground=ground, code=code)
        with clock.travel(to=at):
            reviewing.propose(session, application_id=made, proposal=proposal, actor=self.act(who), at=at)
            return reviewing.confirm(session, application_id=made, actor=self.act(f"{who}2"), at=at)

    def at_panel(self, session: Session) -> int:
        made = self.submitted(session)
        reviewing.accept(session, application_id=made, actor=self.act("city"), at=NOW)
        self.decided(session, made, A.FORWARD, who="city")
        self.decided(session, made, A.FORWARD)
        return made

    def named(self, session: Session, made: int, *names: str, due: timedelta = timedelta(days=7)) -> None:
        panels.name_experts(
            session, application_id=made, user_ids=[self.users[name].id for name in names], due_at=NOW + due,
            actor=self.act("province"), at=NOW,
        )  # fmt: skip

    def scored(self, session: Session, made: int, name: str, mark: str = "80") -> None:
        actor = self.act(name)
        panels.declare(session, application_id=made, conflict=False, ground="", actor=actor, at=NOW)
        marks = dict.fromkeys(Criterion, Decimal(mark))
        panels.score(session, application_id=made, marks=marks, recommends=True, note="", actor=actor, at=NOW)

    def publicised(self, session: Session) -> int:
        made = self.at_panel(session)
        self.named(session, made, "expert1", "expert2")
        for name in ("expert1", "expert2"):
            self.scored(session, made, name)
        self.decided(session, made, A.FORWARD)
        return made


def acting(who: User, place: Organisation, *roles: Role) -> Actor:
    return actor_for(
        user_id=who.id, name=who.name, roles=frozenset(roles), organisation_id=place.id, organisation_name=place.name,
        organisation_kind=place.kind, region=place.region_code or "",
    )  # fmt: skip


def populate(session: Session, at: datetime = NOW) -> Scene:
    """Add them, with a round that takes applications for thirty days from an instant on."""
    for code, name in ((PROVINCE, "江海省"), (CITY, "江州市"), (OTHER_CITY, "海宁州市")):
        session.add(Region(code=code, name=name, parent_code=None if code == PROVINCE else PROVINCE))
        session.flush()
    places = {
        name: organisation(session, kind, name=title)
        for name, kind, title in (
            ("province", Kind.BUREAU, "江海省医保局"), ("city", Kind.BUREAU, "江州市医保局"),
            ("hospital", Kind.HOSPITAL, "江州一院"), ("other", Kind.HOSPITAL, "海宁州中心"),
            ("maker", Kind.COMPANY, "甲器械"),
        )
    }  # fmt: skip
    for name, code in (("province", PROVINCE), ("city", CITY), ("hospital", CITY), ("other", OTHER_CITY)):
        places[name].region_code = code
    places["hospital"].grade = "三级甲等"
    who = (
        ("province", "province", Role.PRICE_OFFICER), ("province2", "province", Role.PRICE_OFFICER),
        ("city", "city", Role.PRICE_OFFICER), ("city2", "city", Role.PRICE_OFFICER),
        ("hospital", "hospital", Role.HOSPITAL_FINANCE), ("other", "other", Role.HOSPITAL_FINANCE),
        ("maker", "maker", Role.MANUFACTURER), ("own", "hospital", Role.EXPERT),
        *((f"expert{number}", "other", Role.EXPERT) for number in (1, 2, 3)),
    )  # fmt: skip
    people = {name: user(session, places[place], role, login=name) for name, place, role in who}
    session.flush()
    actors = {name: acting(people[name], places[place], role) for name, place, role in who}
    scene = Scene(people, actors)
    open_round(session, scene, at)
    return scene


def open_round(session: Session, scene: Scene, at: datetime) -> None:
    new = NewRound(PROVINCE, "2026年度新增项目", at - timedelta(days=1), at + timedelta(days=30), 5, 2, 12, "省局通知")
    applying.open_round(session, new=new, actor=scene.act("province"), at=at)
