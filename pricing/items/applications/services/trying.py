"""Trials: an item gets its code, the hospital files its price ten working days ahead and reports; it goes on or ends.

The hospital's price ends in the price table with the trial's last day, whoever looks at the application meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.clock import today
from kernel.errors import Conflict, Invalid, Issue
from kernel.money import places
from kernel.parties.models import Region
from kernel.periods import months_after
from kernel.policy import levels
from pricing.items.applications import rules
from pricing.items.applications.flow import APPLICATION_FLOW, ApplicationAction, ApplicationState, ReportKind
from pricing.items.applications.models import ItemApplication, ItemOpinion, ItemReport, ItemTrial
from pricing.items.applications.queries import about
from pricing.items.applications.queries.about import REPORT
from pricing.items.applications.services.acts import (
    Attachment,
    keep,
    locked,
    moved,
    must_say,
    own,
    tell_bureaus,
)
from pricing.items.flow import ItemStandard, PriceSource, Pricing
from pricing.items.queries import items, prices
from pricing.items.rules.items import Content, Draft
from pricing.items.rules.prices import NewPrice, grade_of
from pricing.items.services.items import put_items
from pricing.items.services.prices import end_prices, set_prices
from pricing.tags import Tag

S, A = ApplicationState, ApplicationAction
MOST_CASES = 10**9


def province_of(found: ItemApplication) -> str:
    """Return the province whose catalogue a tried item joins."""
    return levels(found.region_code)[0]


def let_try(session: Session, *, found: ItemApplication, opinion: ItemOpinion, actor: Actor, at: datetime) -> ItemTrial:
    """Put the item under its code into the province's own catalogue; the hospital has to file its price next.

    An item that has got the code since it was proposed keeps it: the proposal is sent back for another one.
    """
    session.scalars(select(Region.code).where(Region.code == province_of(found)).with_for_update()).one()
    if about.is_taken(session, opinion.code, province_of(found)):
        raise Conflict("new-item-code-taken", value=opinion.code)
    _put(session, found, opinion.code, Pricing.TRIAL, actor, at)
    ids = items.ids_by_code(session, [opinion.code], province_of(found))
    made = ItemTrial(application_id=found.id, item_id=ids[opinion.code])
    session.add(made)
    found.trial = made
    return made


def _put(session: Session, found: ItemApplication, code: str, pricing: Pricing, actor: Actor, at: datetime) -> None:
    content = Content(
        name=found.name, unit=found.unit, pricing=pricing, category_code=found.category_code, excluded=found.excluded,
        connotation=found.connotation, output=found.output, composition=found.composition,
    )  # fmt: skip
    put_items(
        session, [Draft(code, content)], standard=ItemStandard.LOCAL, starts_on=today(at),
        region_code=province_of(found), actor=actor, at=at, facts={"number": found.number},
    )  # fmt: skip


def file_price(
    session: Session, *, application_id: int, price: Decimal | None, starts_on: date | None, actor: Actor, at: datetime
) -> ItemTrial:
    """File and publish the hospital's own price, at least ten working days before its first day of use."""
    own(actor)
    found = locked(session, application_id, actor, at)
    trial = found.trial
    APPLICATION_FLOW.after(found.state, A.PRICE)
    if trial is None or found.round_ is None:
        raise Conflict("wrong-state", state=found.state, action=A.PRICE)
    earliest = rules.earliest_use(today(at))
    wrong: dict[str, Issue] = {}
    if price is None or price <= 0 or places(price) > rules.MOST_PLACES:
        wrong["price"] = Issue("item-price-wrong", value="" if price is None else format(price, "f"))
    if starts_on is None or starts_on < earliest:
        wrong["starts_on"] = Issue("new-item-too-soon", facts={"earliest": earliest})
    if wrong or price is None or starts_on is None:
        raise Invalid(wrong)
    trial.price, trial.published_on, trial.starts_on = price, today(at), starts_on
    trial.ends_on = rules.trial_end(starts_on)
    trial.midterm_on = months_after(starts_on, found.round_.midterm_months)
    _charge(session, found, trial, starts_on, actor, at, until=trial.ends_on)
    facts = {"price": price, "starts_on": starts_on, "ends_on": trial.ends_on}
    moved(session, found, A.PRICE, Tag.NEW_ITEM_PRICED, actor, at, facts)
    tell_bureaus(session, found, "new-item-priced", at, starts=starts_on.isoformat())
    return trial


def _charge(
    session: Session, found: ItemApplication, trial: ItemTrial, starts_on: date, actor: Actor, at: datetime, *,
    until: date | None = None,
) -> None:  # fmt: skip
    """Let the hospital's price hold from a day on, up to a day where one is named."""
    assert trial.price is not None
    row = NewPrice(
        trial.item_id, found.region_code, grade_of(found.hospital.grade), trial.price, hospital_id=found.hospital_id
    )
    source = PriceSource.TRIAL
    set_prices(session, [row], starts_on=starts_on, source=source, source_id=found.id, actor=actor, at=at)
    if until is not None:
        _end(session, found, trial, until, actor, at)


def _end(session: Session, found: ItemApplication, trial: ItemTrial, day: date, actor: Actor, at: datetime) -> None:
    own_prices = prices.history(session, trial.item_id, hospital_id=found.hospital_id)
    ids = [each.id for each in own_prices if each.ends_on is None or each.ends_on > day]
    end_prices(session, price_ids=ids, ends_on=day, reason=found.number or "", actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class Told:
    """What a hospital says of a trial: how often it charged, yuan taken, adverse events, and its text."""

    kind: ReportKind
    cases: int | None
    revenue: Decimal | None
    adverse: int | None
    text: str


def report(
    session: Session, *, application_id: int, told: Told, given: tuple[Attachment, ...] = (), actor: Actor, at: datetime
) -> ItemReport:
    """Hand in the mid-term report, or the application for the formal item or an extension."""
    maker = actor.user_id
    own(actor)
    found = locked(session, application_id, actor, at)
    action = A.REPORT if told.kind is ReportKind.MIDTERM else A.ASK
    APPLICATION_FLOW.after(found.state, action)
    must_say({"text": told.text})
    wrong = {
        name: Issue("not-a-whole-number") for name in ("cases", "adverse")
        if not 0 <= (-1 if (value := getattr(told, name)) is None else value) <= MOST_CASES
    }  # fmt: skip
    if told.revenue is None or told.revenue < 0 or places(told.revenue) > 2:
        wrong["revenue"] = Issue("item-revenue-wrong")
    if wrong or maker is None or told.cases is None or told.adverse is None or told.revenue is None:
        raise Invalid(wrong)
    made = ItemReport(
        application_id=found.id, kind=told.kind, cases=told.cases, revenue=told.revenue, adverse=told.adverse,
        text=told.text.strip(), filed_by_id=maker, filed_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()  # its files name the id
    keep(session, REPORT, made.id, given, actor, at)
    facts = {"kind": told.kind, "cases": told.cases, "revenue": told.revenue, "adverse": told.adverse}
    moved(session, found, action, Tag.NEW_ITEM_REPORTED, actor, at, facts)
    tell_bureaus(session, found, "new-item-reported", at)
    return made


def extend(session: Session, *, found: ItemApplication, opinion: ItemOpinion, actor: Actor, at: datetime) -> None:
    """Let the trial and its price go on to the day decided."""
    trial = found.trial
    assert trial is not None and trial.ends_on is not None and opinion.extended_to is not None
    begins, trial.ends_on, trial.told_formal_at = max(trial.ends_on, today(at)), opinion.extended_to, None
    if begins < trial.ends_on:
        _charge(session, found, trial, begins, actor, at, until=trial.ends_on)


def make_formal(session: Session, *, found: ItemApplication, opinion: ItemOpinion, actor: Actor, at: datetime) -> None:
    """Make the item an ordinary one of the province; the hospital's price goes on until an adjustment sets another."""
    trial = found.trial
    assert trial is not None and trial.ends_on is not None
    _put(session, found, items.one(session, trial.item_id).code, Pricing.GUIDED, actor, at)
    _charge(session, found, trial, max(trial.ends_on, today(at)), actor, at)


def stop(session: Session, *, found: ItemApplication, opinion: ItemOpinion, actor: Actor, at: datetime) -> None:
    """End the trial: from tomorrow on the item may not be charged."""
    trial, tomorrow = found.trial, today(at) + timedelta(days=1)
    assert trial is not None
    _end(session, found, trial, tomorrow, actor, at)
    if trial.ends_on is not None and trial.starts_on is not None and trial.starts_on < tomorrow < trial.ends_on:
        trial.ends_on = tomorrow
    record(session, Tag.NEW_ITEM_STOPPED, found, actor, at, {"ends_on": tomorrow, "reason": opinion.reason})
