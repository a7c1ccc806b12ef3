"""New items of the demo: a round, and applications of the first hospital at every stage worth looking at."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from importers.demo.parties import read
from importers.demo.stage import Stage
from kernel.clock import today
from pricing.items.applications import rules
from pricing.items.applications.flow import ApplicationAction as Action
from pricing.items.applications.flow import Criterion, Ground
from pricing.items.applications.services import applying, panels, publicising, reviewing, trying
from pricing.items.applications.services.acts import Attachment
from pricing.items.applications.services.applying import NewRound
from pricing.items.applications.services.reviewing import Proposal
from pricing.items.flow import ItemStandard
from pricing.items.rules.items import Content
from pricing.items.rules.items import Draft as ItemDraft
from pricing.items.services.items import put_items

PAPER = Attachment("成本测算表.pdf", b"%PDF-1.4\n% demo\n%%EOF\n")
EXPERTS = ("expert", "expert2", "expert3")


def build(stage: Stage) -> None:
    """Open this year's round and bring one application after the other to its stage."""
    plan = read("new_items.toml")
    title = f"江海省{today(stage.now).year}年度新增医疗服务价格项目"
    with stage.at(stage.day(-100)) as session:
        new = NewRound(
            "980000", title, stage.day(-100, 9), stage.day(25, 17), publicity_workdays=5, least_experts=3,
            midterm_months=12, source="江海省医疗保障局关于申报新增医疗服务价格项目的通知",
        )  # fmt: skip
        applying.open_round(session, new=new, actor=stage.actor("bureau"), at=stage.day(-100))
    _known(stage, plan["known"])
    for row in plan["item"]:
        made = _submitted(stage, row)
        steps = {"draft": 0, "submitted": 0, "city-review": 1, "rejected": 1, "expert-panel": 3, "in-publicity": 4}
        _reviewed(stage, row, made, steps.get(row["to"], 5))
        if row["to"] == "in-trial":
            _tried(stage, row, made)


def _known(stage: Stage, rows: list[dict[str, str]]) -> None:
    """Put items into the province's own list, for some applications to be like."""
    drafts = [
        ItemDraft(row["code"], Content(name=row["name"], unit=row["unit"], connotation=row["connotation"]))
        for row in rows
    ]
    at = stage.day(-99)
    with stage.at(at) as session:
        put_items(
            session, drafts, standard=ItemStandard.LOCAL, starts_on=today(at), region_code="980000",
            actor=stage.actor("bureau"), at=at,
        )  # fmt: skip


def _submitted(stage: Stage, row: dict[str, str]) -> int:
    """Write an application and hand it in, unless it stays a draft."""
    at, finance = stage.day(int(row["day"])), stage.actor("finance")
    draft = rules.Draft(
        name=row["name"], connotation=row["connotation"], unit=row["unit"], output=row["output"],
        composition=row["composition"], effect=row["effect"], price=Decimal(row["price"]), cost=row["cost"],
        urgent=bool(row.get("urgency")), urgency=row.get("urgency", ""),
    )  # fmt: skip
    with stage.at(at) as session:
        made = applying.save(session, application_id=None, draft=draft, given=[PAPER], actor=finance, at=at).id
    if row["to"] != "draft":
        with stage.at(at) as session:
            applying.submit(session, application_id=made, actor=finance, at=at)
    return made


def _decided(stage: Stage, made: int, day: int, who: str, proposal: Proposal, *, wait: bool = False) -> None:
    """Let one officer propose and, unless the decision waits, the other confirm."""
    at = stage.day(day)
    with stage.at(at) as session:
        reviewing.propose(session, application_id=made, proposal=proposal, actor=stage.actor(who), at=at)
        if not wait:
            reviewing.confirm(session, application_id=made, actor=stage.actor(f"{who}2"), at=at)


def _reviewed(stage: Stage, row: dict[str, str], made: int, steps: int) -> None:
    """Accept, let the city and the province review, the experts score, publicise."""
    day = int(row["day"])
    if steps < 1:
        return
    with stage.at(stage.day(day + 1)) as session:
        reviewing.accept(session, application_id=made, actor=stage.actor("city"), at=stage.day(day + 1))
    forward = Proposal(Action.FORWARD, "材料齐全，名称、内涵规范，建议进入下一环节")
    if row["to"] == "rejected":
        refused = Proposal(Action.REJECT, "现行项目已涵盖该服务，可按现行项目收费", Ground.FITS_ANOTHER)
        _decided(stage, made, day + 3, "city", refused)
        return
    _decided(stage, made, day + 3, "city", forward, wait=row["to"] == "city-review")
    if steps >= 3:
        _decided(stage, made, day + 5, "bureau", forward)
        _scored(stage, made, day + 6, EXPERTS[:1] if row["to"] == "expert-panel" else EXPERTS)
    if steps >= 4:
        _decided(stage, made, day + 9, "bureau", Proposal(Action.FORWARD, "专家一致建议试行"))
    if row["to"] == "in-publicity":
        _objected(stage, made, day + 10)


def _scored(stage: Stage, made: int, day: int, names: tuple[str, ...]) -> None:
    """Name all experts; those of the names declare and score."""
    at = stage.day(day)
    with stage.at(at) as session:
        ids = [stage.cast.users[name].id for name in EXPERTS]
        panels.name_experts(
            session, application_id=made, user_ids=ids, due_at=stage.day(day + 12, 17), actor=stage.actor("bureau"),
            at=at,
        )  # fmt: skip
    for number, name in enumerate(names):
        with stage.at(at + timedelta(hours=number + 1)) as session:
            actor = stage.actor(name)
            panels.declare(session, application_id=made, conflict=False, ground="", actor=actor, at=at)
            given = dict(zip(Criterion, (Decimal(88 - 3 * number), Decimal("82.5"), Decimal(76 + number), Decimal(90)),
                             strict=True))  # fmt: skip
            panels.score(
                session,
                application_id=made,
                marks=given,
                recommends=True,
                note="建议试行期内跟踪阳性率",
                actor=actor,
                at=at,
            )


def _objected(stage: Stage, made: int, day: int) -> None:
    at, company = stage.day(day), stage.actor("company")
    with stage.at(at) as session:
        publicising.object_to(
            session,
            application_id=made,
            text="价格构成中软件使用费与现有影像三维重建项目重复计算，建议核减。",
            actor=company,
            at=at,
        )


def _tried(stage: Stage, row: dict[str, str], made: int) -> None:
    """Let the publicity end, give the code, file the hospital's price."""
    day = int(row["day"]) + 30  # the longest holidays are over by then
    proposal = Proposal(Action.FORWARD, "公示无异议，准予试行", code=row["code"])
    _decided(stage, made, day, "bureau", proposal)
    at = stage.day(day + 1)
    with stage.at(at) as session:
        trying.file_price(
            session, application_id=made, price=Decimal(row["price"]), starts_on=rules.earliest_use(today(at)),
            actor=stage.actor("finance"), at=at,
        )  # fmt: skip
