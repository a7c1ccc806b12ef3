"""Build the demo province: every fact in it went through the services that people's clicks call."""

from __future__ import annotations

import random
from dataclasses import replace

from importers.demo import (
    adjustments,
    claims,
    consumables,
    deliveries,
    demand,
    dossiers,
    drugs,
    dual_channel,
    editions,
    experts,
    governance,
    invoices,
    listings,
    new_items,
    parties,
    publicity,
    purchases,
    rehearsals,
    retention,
    rounds,
    services,
    sets,
    shelves,
    supply,
    trade,
    violations,
    volunteers,
)
from importers.demo.stage import SEED, Stage
from kernel import clock
from kernel.db import Database
from procurement.demand.models import Call


def build(database: Database, seed: int = SEED) -> None:
    """Fill an empty database: 12 hospitals, 24 companies, 40 varieties, three stages of procurement."""
    now, chance = clock.now(), random.Random(seed)  # noqa: S311 - invented prices, and the same at every build
    stage = Stage(database, parties.Cast(), [], chance, now)
    with stage.at(stage.day(-420)) as session:
        stage.cast = parties.build(session, stage.day(-420))
    with stage.at(stage.day(-419)) as session:
        stage.drugs = drugs.build(session, stage.cast, chance, stage.actor("agency"), stage.day(-419))
    year = clock.today(now).year
    dossiers.build(stage)
    shelves.build(stage)
    editions.build(stage, year)
    dual_channel.build(stage, year)
    sets.build(stage)
    finished = _finished(stage, stage.drugs[:16], year)
    asked = _receiving(stage, stage.drugs[16:30], year)
    call = demand.collect(
        stage, code=f"JH-XQ-{year}02", title=f"江海省{year + 1}年度第三批需求填报", drugs=stage.drugs[30:],
        opens=stage.day(-5), deadline=stage.day(9, 17), reported=4, accepted=False,
    )  # fmt: skip
    rehearsals.build(stage, asked, stage.drugs[16:30], year)
    volunteers.build(stage, call, stage.drugs[30:])
    _priced(stage)
    publicity.announced(stage, year)
    publicity.sent(stage, finished, stage.day(-353))
    experts.build(stage, stage.drugs[:4], year)
    consumables.build(stage, year)
    governance.build(stage)
    violations.build(stage)
    own = random.Random(seed + 14)  # noqa: S311 - as above, and apart: what stood before stays as it was
    _drafting(replace(stage, chance=own), year)
    _trading(stage, finished, year)


def _priced(stage: Stage) -> None:
    """List products with their prices, and what services cost."""
    listings.build(stage)
    services.build(stage)
    adjustments.build(stage)
    new_items.build(stage)


def _trading(stage: Stage, finished: int, year: int) -> None:
    """Let hospitals buy, companies deliver and run short; the boards and retained balances are summed up last."""
    purchases.build(stage)
    invoices.build(stage)
    deliveries.build(stage)
    supply.build(stage)
    claims.build(stage)
    trade.build(stage)
    retention.build(stage, finished, year)


def _finished(stage: Stage, bought: list[drugs.Drug], year: int) -> int:
    """Run last year's round from its demand to its agreements."""
    call = demand.collect(
        stage, code=f"JH-XQ-{year - 1}01", title=f"江海省{year}年度第一批需求填报", drugs=bought,
        opens=stage.day(-400), deadline=stage.day(-380, 17), reported=12, accepted=True,
    )  # fmt: skip
    done = rounds.publish(
        stage, call, code=f"JH-YP-{year - 1}-1", title="江海省第一批药品集中带量采购", rules="batch-11",
        at=stage.day(-375), receives=stage.day(-370, 9), deadline=stage.day(-360, 17),
    )  # fmt: skip
    rounds.talk(stage, done, stage.day(-368))
    rounds.bid(stage, done, bought, at=stage.day(-363))
    rounds.finish(stage, done, opened=stage.day(-359, 9, 30))
    return done.id


def _drafting(stage: Stage, year: int) -> None:
    """Bring a small round to its region draft, which begins when somebody starts it."""
    bought = [one for one in stage.drugs[30:] if len(one.makers) > 3][:3]
    call = demand.collect(
        stage, code=f"JH-XQ-{year}08", title=f"江海省{year + 1}年度增补品种需求填报", drugs=bought,
        opens=stage.day(-30), deadline=stage.day(-24, 17), reported=12, accepted=True,
    )  # fmt: skip
    round_ = rounds.publish(
        stage, call, code=f"JH-YP-{year}-8", title="江海省增补品种集中带量采购", rules="batch-9", at=stage.day(-20),
        receives=stage.day(-16, 9), deadline=stage.day(-2, 17),
    )  # fmt: skip
    rounds.bid(stage, round_, bought, at=stage.day(-9))
    rounds.to_draft(stage, round_, opened=stage.day(-1, 9, 30))


def _receiving(stage: Stage, asked: list[drugs.Drug], year: int) -> Call:
    """Bring this year's round to where bids come in; half of the companies have bid."""
    call = demand.collect(
        stage, code=f"JH-XQ-{year}01", title=f"江海省{year + 1}年度第二批需求填报", drugs=asked,
        opens=stage.day(-45), deadline=stage.day(-30, 17), reported=12, accepted=True,
    )  # fmt: skip
    round_ = rounds.publish(
        stage, call, code=f"JH-YP-{year}-2", title="江海省第二批药品集中带量采购", rules="batch-11", at=stage.day(-10),
        receives=stage.day(-6, 9), deadline=stage.day(6, 17),
    )  # fmt: skip
    rounds.talk(stage, round_, stage.day(-4))
    rounds.bid(stage, round_, asked, at=stage.day(-2), share=0.5)
    dossiers.declare(stage, round_, stage.day(-1))
    return call
