"""Products on sale, and which of them belong to which entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from catalogue.drugs.models import GenericName, Product, Specification, Variety
from catalogue.drugs.rules.forms import chinese_name
from catalogue.editions.flow import MatchState
from catalogue.editions.models import Edition, ListEntry, ListMatch
from catalogue.editions.queries import editions
from catalogue.editions.rules.matching import Entry, Offered, key_of
from catalogue.register.models import CodedDrug
from catalogue.register.rules import CLASS_END, class_of
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.models import Organisation


def offered(session: Session) -> Iterator[tuple[Offered, int]]:
    """Yield every product on sale by id, as it is matched; the one place that knows where products are kept."""
    query = (
        select(GenericName.name, Product.registered_name, Specification.form, Product.id)
        .join(Product.specification)
        .join(Specification.variety)
        .join(Variety.generic_name)
        .where(Product.active)
        .order_by(Product.id)
    )
    for generic, registered, form, identity in session.execute(query):
        yield Offered(generic, registered, chinese_name(form)), identity


def coded(session: Session) -> Iterator[tuple[Offered, int, str]]:
    """Yield the drugs of the register, those alike together: how many there are, and the code of one."""
    by = (
        CodedDrug.list_name, CodedDrug.registered_name, func.coalesce(CodedDrug.actual_form, CodedDrug.registered_form),
        func.substr(CodedDrug.code, 1, CLASS_END), CodedDrug.list_form,
    )  # fmt: skip
    query = select(*by, func.count(), func.min(CodedDrug.code)).group_by(*by)
    for listed, registered, form, class_code, listed_form, count, code in session.execute(query):
        yield _offered(listed, registered, form, class_of(class_code), listed_form), count, code


def _offered(listed: str | None, registered: str, form: str | None, code: str, listed_form: str | None) -> Offered:
    return Offered(listed or registered, registered, form or "", code, listed_form or "")


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
    """Return the makers of the products of varieties that each of the questions is about."""
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


def codes(session: Session, matches: Sequence[ListMatch]) -> dict[int, int]:
    """Count the coded drugs that each of the questions is about."""
    entries = {match.entry_id for match in matches}
    rows = session.execute(
        select(*QUESTION, func.sum(ListMatch.drugs)).where(ListMatch.entry_id.in_(entries)).group_by(*QUESTION)
    )
    found = {(entry, product, state): int(count) for entry, product, state, count in rows}
    return {match.id: found.get((match.entry_id, match.product_name, match.state), 0) for match in matches}


def by_state(session: Session, edition_id: int) -> dict[MatchState, int]:
    """Count an edition's questions by state."""
    each = select(ListMatch.state).where(ListMatch.edition_id == edition_id).group_by(*QUESTION).subquery()
    rows = session.execute(select(each.c.state, func.count()).group_by(each.c.state))
    return {row[0]: row[1] for row in rows}


def of_entries(session: Session, entry_ids: Sequence[int], limit: int = 200) -> Sequence[ListMatch]:
    """Return the matches of entries, the surest first; rejected ones last."""
    query = select(ListMatch).where(ListMatch.entry_id.in_(entry_ids))
    found = session.scalars(query.order_by(ListMatch.certainty.desc(), ListMatch.id).limit(limit)).all()
    return sorted(found, key=lambda match: match.state is MatchState.REJECTED)


def of_product(session: Session, product_id: int) -> Sequence[ListMatch]:
    """Return the entries a product belongs or may belong to, in every edition that was matched."""
    return _standing(session, ListMatch.product_id == product_id)


def of_drug(session: Session, drug: CodedDrug) -> Sequence[ListMatch]:
    """Return the entries a coded drug belongs or may belong to, in every edition that was matched."""
    form = drug.registered_form if drug.actual_form is None else drug.actual_form
    mine = _offered(drug.list_name, drug.registered_name, form, class_of(drug.code), drug.list_form)
    return _standing(session, ListMatch.drug_key == key_of(mine))


def same_class(session: Session, product_id: int, day: date) -> list[int]:
    """Return the other products that stand in a product's class in the edition of the day, certain or confirmed."""
    edition = editions.in_force(session, day)
    if edition is None:
        return []
    sure = ListMatch.state.in_((MatchState.CERTAIN, MatchState.CONFIRMED))
    matched = select(ListMatch.product_id).join(ListMatch.entry).where(ListMatch.edition_id == edition.id, sure)
    own = select(ListEntry.part, ListEntry.class_code).join(ListMatch, ListMatch.entry_id == ListEntry.id)
    own = own.where(ListMatch.edition_id == edition.id, ListMatch.product_id == product_id, sure).distinct()
    found: set[int] = set()
    for part, code in session.execute(own).all():
        inside = matched.where(ListEntry.part == part, ListEntry.class_code == code, ListMatch.product_id.is_not(None))
        found |= {each for each in session.scalars(inside) if each is not None}
    return sorted(found - {product_id})


def _standing(session: Session, mine: ColumnElement[bool]) -> Sequence[ListMatch]:
    query = select(ListMatch).where(mine, ListMatch.state != MatchState.REJECTED)
    return session.scalars(query.order_by(ListMatch.edition_id.desc(), ListMatch.certainty.desc())).all()


def through_editions(
    session: Session, matches: Sequence[ListMatch], actor: Actor
) -> list[tuple[ListEntry, ListMatch | None]]:
    """Return the entries of matches, and entries of the same name and form in editions that were not matched."""
    by_entry = {match.entry_id: match for match in matches}
    alike = {(match.entry.name_key, match.entry.form) for match in matches}
    seen = editions.visible(actor).order_by(None).with_only_columns(Edition.id)
    query = (
        select(ListEntry)
        .join(ListEntry.edition)
        .where(ListEntry.name_key.in_({name for name, _form in alike}), ListEntry.edition_id.in_(seen))
        .order_by(Edition.valid_from.desc(), ListEntry.position)
    )
    matched = {match.edition_id for match in matches}
    return [
        (entry, by_entry.get(entry.id))
        for entry in session.scalars(query).unique()
        if entry.id in by_entry or (entry.edition_id not in matched and (entry.name_key, entry.form) in alike)
    ]


def products(session: Session, ids: Iterable[int | None]) -> dict[int, Product]:
    """Return products by id, for the pages that show matches."""
    query = select(Product).where(Product.id.in_({id_ for id_ in ids if id_ is not None}))
    whole = query.options(joinedload(Product.specification).joinedload(Specification.variety))
    return {product.id: product for product in session.scalars(whole).unique()}
