"""What a finding would close: products with their prices, rounds with the company in them, and what may stand in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import GenericName, Product, Specification, Variety
from kernel.paging import Page
from kernel.parties.models import Organisation
from kernel.sets import among
from pricing.credit.acting.queries import may_act
from pricing.credit.flow import Act
from pricing.listings.models import Listing
from pricing.listings.queries import counts_on
from procurement.agreements.models import Agreement
from procurement.demand.models import Lot
from procurement.rounds.flow import RoundState, SupplyRole
from procurement.rounds.models.awards import Pick
from procurement.rounds.models.rounds import Round
from procurement.supply.effects.flow import Ground
from procurement.supply.effects.queries.asked import Asked
from procurement.supply.effects.queries.reach import covered, reaches

SIZE = 50
_NAMED = joinedload(Product.specification).joinedload(Specification.variety)


class Substitute(NamedTuple):
    """A product that may stand in, by what; `same`: it is of the same variety, else of the generic name alone."""

    product: Product
    same: bool
    grounds: tuple[Ground, ...]
    barred: bool


def products(asked: Asked) -> Select[Product]:
    """Return the query of the products that would be suspended."""
    query = select(Product).where(among(Product.id, sorted(asked.reach.products))).options(_NAMED)
    return query.order_by(Product.registered_name, Product.id)


def listings(asked: Asked) -> Select[Listing]:
    """Return the query of the prices that count today and could not be bought at."""
    query = select(Listing).where(covered(asked, Listing.product_id, Listing.region_code), counts_on(asked.day))
    named = joinedload(Listing.product).options(_NAMED)
    return query.options(named, joinedload(Listing.region)).order_by(
        Listing.product_id, Listing.region_code, Listing.id
    )


def listed(session: Session, asked: Asked, key: Any, ids: Sequence[Any] | None = None) -> dict[Any, int]:
    """Count those prices by a column, of these values where any are named."""
    query = listings(asked).with_only_columns(key, func.count()).order_by(None).group_by(key)
    return dict(session.execute(query if ids is None else query.where(among(key, ids))).all())


def generics(asked: Asked) -> Select[Any]:
    """Return the generic names of the products that would be suspended."""
    query = select(Variety.generic_name_id).join(Specification, Specification.variety_id == Variety.id)
    query = query.join(Product, Product.specification_id == Specification.id)
    return query.where(among(Product.id, sorted(asked.reach.products)))


def _varieties(asked: Asked) -> Select[Any]:
    query = select(Specification.variety_id).join(Product, Product.specification_id == Specification.id)
    return query.where(among(Product.id, sorted(asked.reach.products)))


def _grounds(asked: Asked) -> dict[Ground, ColumnElement[bool]]:
    """Say by what a product may stand in: agreements of its own, a backup's place in a draft, a price in the region."""
    won = (
        select(Agreement.id)
        .join(Organisation, Organisation.id == Agreement.hospital_id)
        .where(
            Agreement.company_id == Product.company_id, Agreement.specification_id == Product.specification_id,
            or_(Agreement.product_id.is_(None), Agreement.product_id == Product.id), Agreement.ends > asked.day,
            Agreement.successor_id.is_(None), reaches(asked, Organisation.region_code),
        )
    )  # fmt: skip
    backs = (
        select(Pick.id)
        .join(Lot, Lot.id == Pick.lot_id)
        .join(Round, Round.id == Pick.round_id)
        .where(
            Pick.company_id == Product.company_id, Lot.variety_id == Specification.variety_id,
            Pick.role == SupplyRole.BACKUP, Round.state.in_((RoundState.AWARDED, RoundState.CLOSED)),
            reaches(asked, Pick.region_code),
        )
    )  # fmt: skip
    priced = exists().where(Listing.product_id == Product.id, counts_on(asked.day), reaches(asked, Listing.region_code))
    return {Ground.WINNER: won.exists(), Ground.BACKUP: backs.exists(), Ground.LISTED: priced}


def substitutes(asked: Asked) -> Select[Any]:
    """Return the query of products of the same generic names that may stand in, with their grounds: rows of ids."""
    grounds = _grounds(asked)
    same = Specification.variety_id.in_(_varieties(asked))
    query = (
        select(Product.id, case((same, 1), else_=0).label("same"), *(one.label(key) for key, one in grounds.items()))
        .join(Specification, Specification.id == Product.specification_id)
        .join(Variety, Variety.id == Specification.variety_id)
        .where(
            Product.active, ~among(Product.id, sorted(asked.reach.products)),
            Variety.generic_name_id.in_(generics(asked)), or_(*grounds.values()),
        )
    )  # fmt: skip
    return query.order_by(Variety.generic_name_id, case((same, 0), else_=1), Product.id)


def substitutes_page(session: Session, asked: Asked, number: int, size: int = SIZE) -> Page:
    """Return a page of substitutes; those whose own credit bars them are marked."""
    query = substitutes(asked)
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(max(1, number), max(1, -(-total // size)))
    rows = session.execute(query.limit(size).offset((number - 1) * size)).all()
    return Page(substitutes_of(session, asked, rows), total, number, size)


def substitutes_of(session: Session, asked: Asked, rows: Sequence[Any]) -> list[Substitute]:
    """Return rows of ids as substitutes."""
    query = select(Product).where(among(Product.id, [row[0] for row in rows])).options(_NAMED)
    known = {one.id: one for one in session.scalars(query)}
    makers = {one.company_id for one in known.values()}
    region = [asked.region_code] if asked.region_code else []
    standing = may_act(session, company_ids=makers, act=Act.ORDER, region_codes=region, at=asked.at)
    return [
        Substitute(known[key], bool(same), tuple(one for one, held in zip(Ground, grounds, strict=True) if held),
                   bool(standing[known[key].company_id].why(key)))
        for key, same, *grounds in rows
    ]  # fmt: skip


def alone(session: Session, asked: Asked) -> list[str]:
    """Return the generic names for which nothing may stand in."""
    others = substitutes(asked).with_only_columns(Variety.generic_name_id).order_by(None)
    query = select(GenericName.name).where(GenericName.id.in_(generics(asked)), GenericName.id.not_in(others))
    return list(session.scalars(query.order_by(GenericName.name)))


PRODUCT = Listing.product_id


def named(session: Session, asked: Asked, most: int) -> Sequence[Product]:
    """Return the first of the products involved."""
    query = select(Product).where(among(Product.id, sorted(asked.ids))).order_by(Product.registered_name, Product.id)
    return session.scalars(query.limit(most)).all()
