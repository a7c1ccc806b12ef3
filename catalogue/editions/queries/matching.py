"""Products on sale, and which of them belong to which entry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import Product, Specification, Variety
from catalogue.drugs.rules.forms import chinese_name
from catalogue.editions.flow import MatchState
from catalogue.editions.models import ListEntry, ListMatch
from catalogue.editions.rules.matching import Entry, Offered
from kernel.errors import NotFound
from kernel.parties.models import Organisation


def offered(session: Session) -> Iterable[Offered]:
    """Return every product on sale as it is matched; the one place that knows where products are kept."""
    query = select(Product).where(Product.active).options(
        joinedload(Product.specification).joinedload(Specification.variety)
    )  # fmt: skip
    for product in session.scalars(query.order_by(Product.id)).unique():
        variety: Variety = product.specification.variety
        form = chinese_name(product.specification.form)
        yield Offered(product.id, variety.generic_name.name, product.registered_name, form)


def wanted(session: Session, edition_id: int) -> list[tuple[int, Entry]]:
    """Return an edition's rows as they are matched."""
    query = select(ListEntry.id, ListEntry.name, ListEntry.form, ListEntry.class_code)
    found = session.execute(query.where(ListEntry.edition_id == edition_id).order_by(ListEntry.id))
    return [(identity, Entry(name, form, code)) for identity, name, form, code in found]


def one(session: Session, match_id: int) -> ListMatch:
    """Return a match, or NotFound."""
    found = session.get(ListMatch, match_id)
    if found is None:
        raise NotFound(match=match_id)
    return found


QUESTION = (ListMatch.entry_id, ListMatch.product_name, ListMatch.state)


def questions(edition_id: int, *, state: MatchState | None = MatchState.OPEN) -> Select[ListMatch]:
    """Return the query of an edition's matches, one for all makers of a product, the likeliest first."""
    first = select(func.min(ListMatch.id)).where(ListMatch.edition_id == edition_id).group_by(*QUESTION)
    if state is not None:
        first = first.where(ListMatch.state == state)
    query = select(ListMatch).join(ListMatch.entry).where(ListMatch.id.in_(first))
    return query.order_by(ListMatch.certainty.desc(), ListEntry.position, ListMatch.id)


def alike(session: Session, match: ListMatch) -> Sequence[ListMatch]:
    """Return the matches that ask the same: the same entry, products of the same name, in the same state."""
    query = select(ListMatch).where(
        ListMatch.entry_id == match.entry_id,
        ListMatch.product_name == match.product_name,
        ListMatch.state == match.state,
    )
    return session.scalars(query.order_by(ListMatch.id)).all()


def makers(session: Session, matches: Sequence[ListMatch]) -> dict[int, list[str]]:
    """Return the makers of the products that each of the questions is about."""
    entries = {match.entry_id for match in matches}
    names = (ListMatch.entry_id, ListMatch.product_name, ListMatch.state, Organisation.name, Organisation.short_name)
    rows = session.execute(
        select(*names)
        .distinct()
        .join(Product, Product.id == ListMatch.product_id)
        .join(Organisation, Organisation.id == Product.company_id)
        .where(ListMatch.entry_id.in_(entries))
        .order_by(Organisation.name)
    )
    found: dict[tuple[int, str, MatchState], list[str]] = {}
    for entry, product, state, name, short in rows:
        found.setdefault((entry, product, state), []).append(short or name)
    return {match.id: found.get((match.entry_id, match.product_name, match.state), []) for match in matches}


def by_state(session: Session, edition_id: int) -> dict[MatchState, int]:
    """Count an edition's questions by state."""
    each = select(ListMatch.state).where(ListMatch.edition_id == edition_id).group_by(*QUESTION).subquery()
    rows = session.execute(select(each.c.state, func.count()).group_by(each.c.state))
    return {row[0]: row[1] for row in rows}


def of_entries(session: Session, entry_ids: Sequence[int]) -> Sequence[ListMatch]:
    """Return the matches of entries, the surest first; rejected ones last."""
    query = select(ListMatch).where(ListMatch.entry_id.in_(entry_ids))
    found = session.scalars(query.order_by(ListMatch.certainty.desc(), ListMatch.id)).all()
    return sorted(found, key=lambda match: match.state is MatchState.REJECTED)


def of_product(session: Session, product_id: int) -> Sequence[ListMatch]:
    """Return the entries a product belongs to, for certain or as confirmed, newest edition first."""
    query = (
        select(ListMatch)
        .join(ListMatch.entry)
        .where(ListMatch.product_id == product_id, ListMatch.state.in_((MatchState.CERTAIN, MatchState.CONFIRMED)))
        .order_by(ListMatch.edition_id.desc(), ListEntry.position)
    )
    return session.scalars(query).all()


def products(session: Session, ids: Iterable[int]) -> dict[int, Product]:
    """Return products by id, for the pages that show matches."""
    query = select(Product).where(Product.id.in_(set(ids)))
    whole = query.options(joinedload(Product.specification).joinedload(Specification.variety))
    return {product.id: product for product in session.scalars(whole).unique()}
