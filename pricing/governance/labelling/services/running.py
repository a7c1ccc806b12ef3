"""Give labels: everything nightly, what changed in between; what no longer holds ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import insert_rows
from kernel.money import round_ratio, working
from kernel.notices.services import notify
from kernel.sets import among
from pricing.governance.labelling.models import LabelBand, LabelRun, PriceLabel, PriceSummary
from pricing.governance.labelling.queries import gathering
from pricing.governance.labelling.queries.gathering import Key, Scope, Standing
from pricing.governance.labelling.rules import Band, Spread, band, effective, in_units, kind_of
from pricing.governance.rules import Label, LabelRule
from pricing.governance.sets import queries as sets
from pricing.governance.sets.models import LabelSet
from pricing.governance.sets.rules import applied
from pricing.tags import Tag

URL = "/pricing/labels"


@dataclass(frozen=True, slots=True)
class Done:
    """How many labels were given and taken, and of how many products nobody said whether they passed."""

    given: int
    taken: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Marked:
    """A label as it should stand."""

    listing_id: int
    key: Key
    starts: date
    label: Label
    set_id: int
    row: Any

    def same(self, old: Any) -> bool:
        """Say whether the label that stands says the same."""
        mine = (self.label, self.row.price, self.row.anchor, self.row.rule, self.set_id)
        return mine == (old.label, old.price, old.anchor, old.rule, old.set_id)


def run(session: Session, *, day: date, actor: Actor, at: datetime, whole: bool = False) -> LabelRun | None:
    """Follow every change since the last run; the first run of a day looks at everything. None: nothing had changed."""
    last, upto, by_region = gathering.last_run(session), gathering.newest_listing(session), sets.by_region(session, day)
    rules = {region: one.id for region, one in sorted(by_region.items())}
    varieties = None
    if last is not None and last.day == day and last.rules == rules and not whole:
        varieties = gathering.changed(session, last, day)
        if varieties is not None and not varieties:
            return None
    done = relabel(session, varieties=varieties, by_region=by_region, day=day, at=at)
    if varieties is not None and not done.given + done.taken:
        return None
    made = LabelRun(
        day=day, at=at, upto=upto, whole=varieties is None, given=done.given, taken=done.taken, unknown=done.unknown,
        rules=rules,
    )  # fmt: skip
    session.add(made)
    session.flush()  # the audit event names its id
    record(session, Tag.LABELS_GIVEN, made, actor, at, {"given": done.given, "taken": done.taken})
    return made


def relabel(
    session: Session, *, varieties: Collection[int] | None, by_region: Mapping[str, LabelSet], day: date, at: datetime
) -> Done:
    """Bring the labels of some varieties (None: of all) to what the prices of a day say."""
    session.flush()  # what the verb before has changed is read here in sets
    seen = gathering.scope(session, varieties)
    summaries = gathering.spreads(session, seen, day)
    _summarise(session, seen, summaries)
    known = list(gathering.products(session, seen, day))
    used = {one.id: one for one in by_region.values()}
    _forget_bands(session, seen, [each.product_id for each in known])
    should: dict[Key, Marked] = {}
    unknown: set[int] = set()
    for set_id, one in used.items():
        bands, unsaid = _bands(applied(one.values, where=one.name), known, seen, summaries)
        _keep_bands(session, set_id, bands)
        unknown |= unsaid
        regions = [region for region, held in by_region.items() if held.id == set_id]
        should |= {each.key: each for each in _marked(session, seen, set_id, regions, day)}
    given, taken = _settle(session, seen, should, day, at)
    return Done(given, taken, len(unknown))


def _summarise(session: Session, seen: Scope, summaries: Mapping[int, tuple[Spread, int]]) -> None:
    """Keep the prices of specifications; what is listed no more has none."""
    gone = delete(PriceSummary)
    session.execute(
        gone if seen.whole else gone.where(among(PriceSummary.specification_id, sorted(seen.specifications)))
    )
    if not summaries:
        return
    held = [spread for spread, _count in summaries.values()]
    columns: dict[str, list[Any]] = {
        "specification_id": list(summaries), "highest_winning": [one.winning for one in held],
        "highest_listed": [one.listed for one in held], "percentile_75": [one.percentile_75 for one in held],
        "count": [count for _spread, count in summaries.values()],
    }  # fmt: skip
    insert_rows(session, PriceSummary.__table__, columns=columns)


def _prices(seen: Scope, summaries: Mapping[int, tuple[Spread, int]]) -> dict[int, dict[str, Decimal | None]]:
    """Return by specification what the country's prices come to in its own units."""
    varieties: dict[int, list[int]] = defaultdict(list)
    for id_, (variety, _factor) in seen.specifications.items():
        varieties[variety].append(id_)
    found = {}
    for ids in varieties.values():
        held = [(summaries[id_][0], seen.specifications[id_][1]) for id_ in ids if id_ in summaries]
        for id_ in ids:
            factor = seen.specifications[id_][1]
            found[id_] = {
                "highest_winning_price": in_units([(one.winning, own) for one, own in held], factor),
                "highest_listed_price": in_units([(one.listed, own) for one, own in held], factor),
                "percentile_75": summaries[id_][0].percentile_75 if id_ in summaries else None,
            }
    return found


def _bands(
    rules: Sequence[LabelRule], known: Sequence[Standing], seen: Scope, summaries: Mapping[int, tuple[Spread, int]]
) -> tuple[dict[int, Band], set[int]]:
    """Return the products' bands, and the products whose rule nobody knows."""
    prices, found, unknown = _prices(seen, summaries), dict[int, Band](), set[int]()
    kept: dict[tuple[object, ...], Band | None] = {}
    for one in known:
        kind = kind_of(won=one.won is not None, reference=one.reference, passed=one.passed)
        key = (one.specification_id, kind, one.won)
        if key not in kept:
            given = {**prices[one.specification_id], "own_winning_price": one.won}
            kept[key] = band(rules, kind, given)
        made = kept[key]
        if made is not None:
            found[one.product_id] = made
        elif kind is None:
            unknown.add(one.product_id)
    return found, unknown


def _forget_bands(session: Session, seen: Scope, product_ids: Sequence[int]) -> None:
    gone = delete(LabelBand)
    session.execute(gone if seen.whole else gone.where(among(LabelBand.product_id, sorted(product_ids))))


def _keep_bands(session: Session, set_id: int, bands: Mapping[int, Band]) -> None:
    if not bands:
        return
    held = list(bands.values())
    begins = {id(one): dict(one.begins) for one in held}
    colours = {
        colour.value: [begins[id(one)].get(colour) for one in held]
        for colour in (Label.YELLOW, Label.RED, Label.SUSPEND)
    }
    columns: dict[str, list[Any]] = {
        "set_id": [set_id] * len(held), "product_id": list(bands), "kind": [one.kind for one in held],
        "rule": [one.rule.name for one in held], "anchor": [round_ratio(one.anchor) for one in held],
        "first": [one.first for one in held], **colours, "outside_only": [one.rule.outside_only for one in held],
        "given": [{name: str(price) for name, price in one.given.items()} for one in held],
    }  # fmt: skip
    insert_rows(session, LabelBand.__table__, columns=columns)


def _marked(session: Session, seen: Scope, set_id: int, regions: Sequence[str], day: date) -> Iterator[Marked]:
    """Return what is to be labelled by a set in its regions."""
    rows = gathering.above(session, seen, set_id, regions, day)
    winners = {row.product_id for row in rows if row.outside_only}
    supplied = gathering.supplied(session, winners, day) if winners else {}
    lines = sets.upward(session) if winners else {}
    for row in rows:
        if row.outside_only and supplied.get(row.product_id, set()) & set(lines[row.region_code]):
            continue
        key = (row.product_id, row.region_code, row.kind)
        yield Marked(row.id, key, row.starts, _colour(row), set_id, row)


def _colour(row: Any) -> Label:
    for colour in (Label.SUSPEND, Label.RED):
        begins = getattr(row, colour.value)
        if begins is not None and row.price >= begins:
            return colour
    return Label.YELLOW


def _settle(
    session: Session, seen: Scope, should: Mapping[Key, Marked], day: date, at: datetime
) -> tuple[int, int]:  # fmt: skip
    """End the labels that no longer hold, write those that do; return how many of each."""
    stand = gathering.open_labels(session, seen)
    kept = {key for key, one in should.items() if key in stand and one.same(stand[key])}
    old = {key: row for key, row in stand.items() if key not in kept}
    prices = gathering.current(session, {key[0] for key in old}, day) if old else {}
    until = {key: max(_until(row, prices.get(key), day), row.since) for key, row in old.items()}
    by_day: dict[date, list[int]] = defaultdict(list)
    for key, row in old.items():
        by_day[until[key]].append(row.id)
    for last, ids in by_day.items():
        session.execute(update(PriceLabel).where(among(PriceLabel.id, sorted(ids))).values(until=last))
    new = [one for key, one in should.items() if key not in kept]
    if new:
        _insert(session, new, [until.get(one.key, day) for one in new])
        _tell(session, {one.key[0] for one in new if one.key not in stand}, day, at)
    return len(new), len(old)


def _until(row: Any, now: tuple[Decimal, date] | None, day: date) -> date:
    """Return the first day on which a label no longer stands: a cut price clears it the next day."""
    return effective(today=day, starts=now[1], was=row.price, price=now[0]) if now else day


def _insert(session: Session, new: Sequence[Marked], since: Sequence[date]) -> None:
    rows = [one.row for one in new]
    with working():
        ratios = [round_ratio(row.price / row.anchor) for row in rows]
    columns: dict[str, list[Any]] = {
        "listing_id": [one.listing_id for one in new], "product_id": [one.key[0] for one in new],
        "region_code": [one.key[1] for one in new], "kind": [one.key[2] for one in new],
        "label": [one.label for one in new], "set_id": [one.set_id for one in new], "rule": [row.rule for row in rows],
        "price": [row.price for row in rows], "anchor": [row.anchor for row in rows], "ratio": ratios,
        "product_kind": [row.product_kind for row in rows], "given": [row.given for row in rows], "since": list(since),
    }  # fmt: skip
    insert_rows(session, PriceLabel.__table__, columns=columns)


def _tell(session: Session, product_ids: Collection[int], day: date, at: datetime) -> None:
    """Tell the companies whose prices are labelled and were not before."""
    if product_ids:
        told = gathering.makers(session, product_ids)
        notify(session, code="prices-labelled", facts={"day": day.isoformat()}, organisations=told, url=URL, at=at)
