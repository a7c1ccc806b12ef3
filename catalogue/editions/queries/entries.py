"""Find entries of an edition, and its tree of classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from catalogue.editions.models import Edition, ListClass, ListEntry
from catalogue.editions.queries import editions
from catalogue.editions.rules.parts import Grade, Part, read_number
from catalogue.editions.rules.texts import key
from kernel.auth.actor import Actor
from kernel.errors import NotFound


@dataclass(slots=True)
class Node:
    """A class with how many rows of the selection lie in it and below."""

    code: str
    name: str
    level: int
    rows: int = 0
    children: list[Node] = field(default_factory=list)


def one(session: Session, entry_id: int, actor: Actor) -> ListEntry:
    """Return an entry of an edition the actor may see, or NotFound."""
    found = session.get(ListEntry, entry_id)
    if found is None:
        raise NotFound(entry=entry_id)
    editions.one(session, found.edition_id, actor)
    return found


def listing(
    edition_id: int, *, part: Part | None = None, text: str = "", grade: Grade | None = None, class_code: str = ""
) -> Select[ListEntry]:
    """Return the query of an edition's entries in the order of the list."""
    query = select(ListEntry).where(ListEntry.edition_id == edition_id)
    if part is not None:
        query = query.where(ListEntry.part == part)
    if grade is not None:
        query = query.where(ListEntry.grade == grade)
    if class_code:
        query = query.where(ListEntry.class_code.startswith(class_code, autoescape=True))
    if plain := key(text).replace("\0", ""):
        number = read_number(text)
        hits = [
            ListEntry.name_key.contains(plain, autoescape=True),
            ListEntry.class_code.startswith(plain.upper(), autoescape=True),
        ]
        if number:
            hits.append(and_(ListEntry.number == number.value, ListEntry.is_repeat.in_({number.repeat, True})))
        query = query.where(or_(*hits))
    return query.order_by(ListEntry.position, ListEntry.id)


def by_part(session: Session, query: Select[ListEntry]) -> dict[Part, int]:
    """Count a selection by part."""
    found = query.order_by(None).subquery()
    return {row[0]: row[1] for row in session.execute(select(found.c.part, func.count()).group_by(found.c.part))}


def tree(session: Session, edition_id: int, part: Part, query: Select[ListEntry]) -> list[Node]:
    """Return a part's classes, counted over a selection; classes without a row in it are left out."""
    found = query.order_by(None).subquery()
    rows = {
        row[0]: row[1] for row in session.execute(select(found.c.class_code, func.count()).group_by(found.c.class_code))
    }
    classes = session.scalars(
        select(ListClass)
        .where(ListClass.edition_id == edition_id, ListClass.part == part)
        .order_by(ListClass.position, ListClass.id)
    )
    nodes: dict[str, Node] = {}
    parents: dict[str, str] = {}
    for each in classes:
        nodes[each.code] = Node(each.code, each.name, each.level, rows.get(each.code, 0))
        parents[each.code] = each.parent_code
    return _grown(nodes, parents)


def _grown(nodes: dict[str, Node], parents: dict[str, str]) -> list[Node]:
    """Hang the classes under one another, deepest first so that counts add up, and leave empty ones out."""
    order = list(nodes)
    for code in sorted(order, key=lambda each: -nodes[each].level):
        above = nodes.get(parents[code])
        if above is not None and nodes[code].rows:
            above.rows += nodes[code].rows
            above.children.append(nodes[code])
    for node in nodes.values():
        node.children.sort(key=lambda child: order.index(child.code))
    return [nodes[code] for code in order if parents[code] not in nodes and nodes[code].rows]


def class_names(session: Session, edition_id: int, part: Part) -> dict[str, str]:
    """Return the names of a part's classes by code."""
    rows = session.execute(
        select(ListClass.code, ListClass.name).where(ListClass.edition_id == edition_id, ListClass.part == part)
    )
    return {row[0]: row[1] for row in rows}


def path(session: Session, entry: ListEntry) -> list[tuple[str, str]]:
    """Return the classes an entry stands in, from the top."""
    names = class_names(session, entry.edition_id, entry.part)
    codes = [entry.class_code[:length] for length in (2, 4, 5, 6) if length <= len(entry.class_code)]
    return [(code, names[code]) for code in codes if code in names]


def under_number(session: Session, entry: ListEntry) -> Sequence[ListEntry]:
    """Return the entry and its repeats (★): every row under its number."""
    query = listing(entry.edition_id, part=entry.part).where(ListEntry.number == entry.number)
    return session.scalars(query.order_by(None).order_by(ListEntry.occurrence)).all()


def history(session: Session, entry: ListEntry, actor: Actor) -> Sequence[ListEntry]:
    """Return the rows of the same name in every edition the actor may see, newest edition first."""
    seen = editions.visible(actor).order_by(None).with_only_columns(Edition.id)
    query = (
        select(ListEntry)
        .join(ListEntry.edition)
        .where(ListEntry.name_key == entry.name_key, ListEntry.edition_id.in_(seen))
        .order_by(Edition.valid_from.desc(), ListEntry.position)
    )
    return session.scalars(query).unique().all()
