"""Who joins the demo's open collection of his own accord, an odd report, and one that was returned."""

from __future__ import annotations

from decimal import Decimal

from catalogue.drugs.services.companies import OrganisationDraft, create_company
from importers.demo.drugs import Drug
from importers.demo.parties import credit_code
from importers.demo.stage import Stage
from kernel.auth.actor import SYSTEM, Actor
from kernel.auth.permissions import Role
from kernel.auth.queries import actor_of
from kernel.auth.services import users
from kernel.parties.codes import OrganisationKind
from procurement.demand.joining import services as joining
from procurement.demand.models import Call
from procurement.demand.queries import lots as lot_queries
from procurement.demand.queries import reports as report_queries
from procurement.demand.rules import Asked
from procurement.demand.services import reports

NUMBER = 790


def build(stage: Stage, call: Call, drugs: list[Drug]) -> None:
    """Let a private hospital and a pharmacy join; let one hospital count packs, and return another's report."""
    _joined(stage, call, drugs, _private(stage))
    _joined(stage, call, drugs, stage.actor("pharmacy"))
    _counts_packs(stage, call, drugs)
    at = stage.day(-1, 15)
    with stage.at(at) as session:
        report = report_queries.report_of(session, call_id=call.id, hospital_id=stage.cast.hospitals[3].id)
        assert report is not None
        agency = stage.actor("agency")
        reports.return_(session, report_id=report.id, reason="请核对大包装规格的填报单位", actor=agency, at=at)


def _private(stage: Stage) -> Actor:
    at = stage.day(-30)
    draft = OrganisationDraft(
        name="江州市仁和医院", short_name="仁和医院", code=credit_code(NUMBER, kind="52", region="980100"),
        region_code="980100", grade="二级", ownership="private",
    )  # fmt: skip
    with stage.at(at) as session:
        made = create_company(session, draft=draft, kind=OrganisationKind.HOSPITAL, actor=SYSTEM, at=at)
        session.flush()
        known = stage.cast.users["hospital"]
        user = users.create(
            session, organisation=made, login="private", name="仁和医院药剂科", roles={Role.PHARMACIST}, actor=SYSTEM,
            at=at,
        )  # fmt: skip
        user.password_hash, user.password_set_at, user.demo = known.password_hash, at, True
        stage.cast.users["private"] = user
    return actor_of(user)


def _joined(stage: Stage, call: Call, drugs: list[Drug], actor: Actor) -> None:
    at = stage.day(-2)
    lines = [Asked(drug.specifications[0].id, None, Decimal(drug.need // 50 + 60)) for drug in drugs[::2]]
    with stage.at(at) as session:
        joining.join(session, call_id=call.id, actor=actor, at=at)
        reports.save_report(session, call_id=call.id, lines=lines, actor=actor, at=at)
        reports.submit(session, call_id=call.id, confirmed=True, actor=actor, at=at)


def _counts_packs(stage: Stage, call: Call, drugs: list[Drug]) -> None:
    at, actor = stage.day(-2, 11), stage.hospital(5)
    with stage.at(at) as session:
        known = lot_queries.places(session, call=call, hospital_id=stage.cast.hospitals[5].id)
        used = {place.specification_id: place for place in known if place.last_year and place.packs}
        lines = []
        for drug in drugs:
            place = used.get(drug.specifications[0].id)
            if place is not None and place.last_year:
                pack = place.packs[-1] if place.lot_number % 4 == 1 else 1
                lines.append(Asked(place.specification_id, None, Decimal(int(place.last_year / pack))))
        reports.save_report(session, call_id=call.id, lines=lines, actor=actor, at=at)
        reports.submit(session, call_id=call.id, confirmed=True, actor=actor, at=at)
