"""Who supplies which region, and how much of each specification is agreed there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Specification, Variety
from catalogue.drugs.rules.codes import Part, VarietyKind
from kernel.auth.actor import Actor
from kernel.parties.models import Region
from procurement.bids.joints import queries as joints
from procurement.bids.models import Bid, OpenedLine
from procurement.demand.models import Lot
from procurement.demand.queries import base
from procurement.demand.rules import add_up
from procurement.rounds.flow import SupplyRole
from procurement.rounds.models.awards import Award, Pick, Preference
from procurement.rounds.models.evaluations import Decision, Evaluation
from procurement.rounds.models.rounds import Round
from procurement.rounds.queries import results, rounds, rulesets
from procurement.rounds.rules import supply as rules
from procurement.rounds.rules.plan import plan_of
from procurement.rounds.rules.volumes import own_volume

OWN_BRAND, BY_REGION, BY_BRAND = "own-brand", "region", "brand"


@dataclass(frozen=True, slots=True)
class DraftRules:
    """What the rule set says about choosing regions."""

    enabled: bool
    first_picks: int
    backup: bool


def draft_rules(round_: Round) -> DraftRules:
    """Return how regions are chosen in a round."""
    rule_set = rulesets.in_force(round_)
    plan = plan_of(rule_set)
    return DraftRules(plan.draft, plan.first_picks, bool(rule_set.parameters.value("draft.backup", False)))


def choosing(session: Session, evaluation: Evaluation) -> dict[int, list[Decision]]:
    """Return, by lot, the winners that choose regions, by rank."""
    found = [one for one in results.winners(session, evaluation) if one.chooses_regions]
    return {lot_id: list(part) for lot_id, part in groupby(found, key=lambda one: one.lot_id)}


def shared_ranks(winners: Iterable[Decision]) -> bool:
    """Say whether two of the winners share a rank, so that only a draw can say who chooses first."""
    ranks = [(one.unit, one.rank) for one in winners]
    return len(set(ranks)) < len(ranks)


def picks(session: Session, round_: Round, lot_id: int | None = None) -> Sequence[Pick]:
    """Return the drafted regions in the order of the turns, main before backup."""
    query = select(Pick).where(Pick.round_id == round_.id).options(joinedload(Pick.region), joinedload(Pick.company))
    if lot_id is not None:
        query = query.where(Pick.lot_id == lot_id)
    return session.scalars(query.order_by(Pick.lot_id, Pick.role.desc(), Pick.turn)).all()


def main_suppliers(session: Session, round_: Round) -> dict[int, dict[str, int]]:
    """Return each lot's main supplier by region."""
    found: dict[int, dict[str, int]] = {}
    for pick in picks(session, round_):
        if pick.role is SupplyRole.MAIN:
            found.setdefault(pick.lot_id, {})[pick.region_code] = pick.company_id
    return found


def undrafted(session: Session, round_: Round, evaluation: Evaluation) -> list[Lot]:
    """Return the lots whose regions still have to be drafted before an award."""
    if not draft_rules(round_).enabled:
        return []
    regions, drafted = set(rounds.region_codes(session, round_)), main_suppliers(session, round_)
    lots = {lot.id: lot for lot in rounds.lots(session, round_)}
    return [lots[lot_id] for lot_id in choosing(session, evaluation) if set(drafted.get(lot_id, {})) != regions]


def preferences(session: Session, round_: Round) -> dict[tuple[int, int], Preference]:
    """Return the preference lists by (lot, company)."""
    found = session.scalars(select(Preference).where(Preference.round_id == round_.id))
    return {(one.lot_id, one.company_id): one for one in found}


def picks_by_lot(session: Session, round_: Round) -> dict[int, dict[str, dict[SupplyRole, Pick]]]:
    """Return the drafted regions by lot, region and role."""
    found: dict[int, dict[str, dict[SupplyRole, Pick]]] = {}
    for pick in picks(session, round_):
        found.setdefault(pick.lot_id, {}).setdefault(pick.region_code, {})[pick.role] = pick
    return found


def awards_by_lot(session: Session, round_: Round) -> dict[int, list[Award]]:
    """Return the awards by lot."""
    return {lot_id: list(part) for lot_id, part in groupby(award_rows(session, round_), key=lambda one: one.lot_id)}


def base_of(session: Session, round_: Round, lot_id: int) -> Decimal | None:
    """Return a lot's base in reference units."""
    return base.lot_totals(session, round_.call_id).get(lot_id)


def own_preferences(session: Session, round_: Round, actor: Actor) -> dict[int, Preference]:
    """Return the actor's company's preference lists by lot."""
    mine = preferences(session, round_).items()
    return {lot_id: one for (lot_id, company_id), one in mine if company_id == actor.organisation_id}


def region_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """Return the regions' names by code."""
    found = session.execute(select(Region.code, Region.name).where(Region.code.in_(list(codes))).order_by(Region.code))
    return {row[0]: row[1] for row in found}


def products(session: Session, box_id: int) -> dict[tuple[int, int, int], int | None]:
    """Return the products that were bid, by lot, company and specification."""
    query = (
        select(OpenedLine.lot_id, OpenedLine.company_id, OpenedLine.specification_id, OpenedLine.product_id)
        .join(Bid, Bid.id == OpenedLine.bid_id)
        .where(Bid.box_id == box_id)
    )
    return {(row[0], row[1], row[2]): row[3] for row in session.execute(query)}


@dataclass(frozen=True, slots=True)
class Priced:
    """A price as it was bid."""

    specification_id: int
    price: Decimal
    service: bool


def priced(session: Session, box_id: int) -> dict[tuple[int, int], list[Priced]]:
    """Return every opened price by lot and company."""
    query = (
        select(OpenedLine.lot_id, OpenedLine.company_id, OpenedLine.specification_id, OpenedLine.unit_price,
               Specification.part)
        .join(Bid, Bid.id == OpenedLine.bid_id)
        .join(Specification, Specification.id == OpenedLine.specification_id)
        .where(Bid.box_id == box_id, OpenedLine.unit_price.is_not(None))
        .order_by(OpenedLine.specification_id)
    )  # fmt: skip
    found: dict[tuple[int, int], list[Priced]] = {}
    for lot, company, specification, price, part in session.execute(query):
        if price is not None:
            found.setdefault((lot, company), []).append(Priced(specification, price, part is Part.SERVICE))
    return found


def by_hospital(session: Session, round_: Round) -> bool:
    """Say whether agreed volumes follow each hospital's own report and the reassigned pool: rounds of consumables."""
    consumables = (
        select(Lot.id)
        .join(Variety, Variety.id == Lot.variety_id)
        .where(Lot.call_id == round_.call_id, Variety.kind == VarietyKind.CONSUMABLE)
        .limit(1)
    )
    return session.scalar(consumables) is not None and not draft_rules(round_).enabled


@dataclass(frozen=True, slots=True)
class Division:
    """Who supplies a lot: the winners that carry volume, and each region's main supplier where regions are chosen."""

    suppliers: list[rules.Supplier]
    main: Mapping[str, int]


def divisions(session: Session, round_: Round, evaluation: Evaluation) -> dict[int, Division]:
    """Return who supplies each lot that has winners with volume."""
    main, brands = main_suppliers(session, round_), _brands(round_)
    found: dict[int, Division] = {}
    for lot_id, part in groupby(results.winners(session, evaluation), key=lambda one: one.lot_id):
        suppliers = [_supplier(one, brands) for one in part if one.carries_volume]
        if suppliers:
            found[lot_id] = Division(suppliers, main.get(lot_id, {}))
    return found


def volumes(session: Session, round_: Round, evaluation: Evaluation) -> dict[int, list[rules.Volume]]:
    """Return the agreed volumes of every lot with winners, from the locked base and the draft.

    Demand for a joint member's brand goes with the joint, under its lead.
    """
    needs, factors = _needs(session, round_), _factors(session, round_)
    return {
        lot_id: rules.volumes(needs[lot_id], division.suppliers, main=division.main, factors=factors)
        for lot_id, division in divisions(session, round_, evaluation).items()
        if lot_id in needs
    }


def volumes_of_regions(session: Session, round_: Round, evaluation: Evaluation) -> dict[int, dict[str, Decimal]]:
    """Return, by lot and region, the base that comes with the choice of the region, in reference units."""
    needs, factors = _needs(session, round_), _factors(session, round_)
    return {
        lot_id: {
            region: add_up((need.quantity, factors[need.specification]) for need in part)
            for region, part in rules.of_region(needs.get(lot_id, []), division.suppliers).items()
        }
        for lot_id, division in divisions(session, round_, evaluation).items()
    }


def _needs(session: Session, round_: Round) -> dict[int, list[rules.Need]]:
    """Return what hospitals commit of the locked base, by lot."""
    intent = Decimal(rulesets.in_force(round_).parameters.value("intent.share", 1))
    leads = joints.leads(session, round_.box_id)
    return {
        lot_id: [
            rules.Need(
                one.region_code, one.specification_id, _lead(leads.get(lot_id, {}), one.company_id),
                own_volume(one.quantity, intent),
            )
            for one in lines
        ]
        for lot_id, lines in base.base_by_lot(session, round_.call_id).items()
    }  # fmt: skip


def _lead(leads: Mapping[int, int], company_id: int | None) -> int | None:
    return None if company_id is None else leads.get(company_id, company_id)


def _factors(session: Session, round_: Round) -> dict[int, Decimal]:
    lots = rounds.lots(session, round_)
    return {each.specification_id: each.volume_factor for lot in lots for each in lot.specifications}


def _supplier(one: Decision, brands: Brands) -> rules.Supplier:
    makes = {other["specification"] for other in one.other_specs if other["follows_at"] is not None and other["price"]}
    return rules.Supplier(
        company=one.company_id,
        specification=one.specification_id,
        makes=frozenset({one.specification_id, *makes}),
        ratio=one.ratio if one.ratio is not None else Decimal(1),
        share=one.share,
        own_brand_only=one.decided_by in brands.only,
        keeps_brand=brands.matched,
    )


@dataclass(frozen=True, slots=True)
class Brands:
    """Whose demand follows its brand: the revivals that get no other, and every winner where the rules match it."""

    only: frozenset[str]
    matched: bool


def _brands(round_: Round) -> Brands:
    get = rulesets.in_force(round_).parameters.value
    named = (("revival-unlisted", "revival.unlisted_volume"), ("reference-preparation", "revival.reference_volume"))
    only = frozenset(code for code, parameter in named if get(parameter) == OWN_BRAND)
    return Brands(only, get("supply.match", BY_REGION) == BY_BRAND)


def accompanied(session: Session, round_: Round) -> list[tuple[Award, int]]:
    """Pair every award with each award whose volume it shares: itself, and for components and services their whole.

    A component goes with its system's reference, a service with each product of its company.
    """
    by_winner: dict[tuple[int, int], list[Award]] = {}
    for award in award_rows(session, round_):
        by_winner.setdefault((award.lot_id, award.company_id), []).append(award)
    found = []
    for awards in by_winner.values():
        whole = [one for one in awards if one.specification.part is Part.COMPONENT and one.specification.is_reference]
        products = [one for one in awards if one.specification.part is Part.PRODUCT]
        for award in awards:
            own = [award] if award.specification.part is Part.PRODUCT else whole or products
            found += [(award, source.id) for source in own]
    return found


def award_rows(session: Session, round_: Round) -> Sequence[Award]:
    """Return the awards by lot, company and specification with their volumes."""
    query = (
        select(Award)
        .join(Lot, Lot.id == Award.lot_id)
        .where(Award.round_id == round_.id)
        .options(joinedload(Award.lot).joinedload(Lot.variety), joinedload(Award.company),
                 joinedload(Award.specification), joinedload(Award.volumes))
        .order_by(Lot.number, Award.company_id, Award.specification_id)
    )  # fmt: skip
    return session.scalars(query).unique().all()
