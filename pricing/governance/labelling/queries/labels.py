"""Labels as far as the reader may see them: a company its own products', everybody else all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from catalogue.drugs.models import Product, Specification
from catalogue.search.queries import matching_ids
from kernel.auth.actor import Actor
from kernel.errors import NotFound
from kernel.parties.models import Region
from kernel.periods import read_day
from pricing.governance.labelling.models import LabelBand, LabelRun, PriceLabel
from pricing.governance.labelling.rules import COLOURS
from pricing.governance.rules import Label
from pricing.listings.models import Listing

_WHOLE = (
    selectinload(PriceLabel.product).joinedload(Product.specification).joinedload(Specification.variety),
    joinedload(PriceLabel.region), joinedload(PriceLabel.set_),
)  # fmt: skip


def visible(actor: Actor) -> Select[PriceLabel]:
    """Return the labels the actor may see."""
    query = select(PriceLabel).options(*_WHOLE)
    if not actor.supplies:
        return query
    own = select(Product.id).where(Product.company_id == actor.organisation_id)
    return query.where(PriceLabel.product_id.in_(own))


def stands_on(day: date) -> Any:
    """Say in SQL whether a label stands on a day."""
    return and_(PriceLabel.since <= day, or_(PriceLabel.until.is_(None), PriceLabel.until > day))


def asked(parts: Mapping[str, str], today: date) -> dict[str, Any]:
    """Return the filter of the list from the parts of its address."""
    label = parts.get("label", "")
    return {
        "text": parts.get("q", "").strip()[:80], "region_code": parts.get("region", "").strip()[:12],
        "label": Label(label) if label in COLOURS else None, "day": read_day(parts.get("day", "")) or today,
    }  # fmt: skip


def listing(
    actor: Actor, *, day: date, text: str = "", region_code: str = "", label: Label | None = None
) -> Select[PriceLabel]:
    """Return the query of the list: the labels that stand on a day, the highest ratio first."""
    query = visible(actor).where(stands_on(day))
    if text:
        ids = matching_ids(text, kind="product")
        query = query.where(false() if ids is None else PriceLabel.product_id.in_(ids))
    if region_code:
        query = query.where(PriceLabel.region_code == region_code)
    if label is not None:
        query = query.where(PriceLabel.label == label)
    return query.order_by(PriceLabel.ratio.desc(), PriceLabel.id)


def tally(session: Session, actor: Actor, day: date) -> dict[Label, int]:
    """Count the labels that stand on a day, by colour."""
    ids = visible(actor).with_only_columns(PriceLabel.id).where(stands_on(day))
    query = select(PriceLabel.label, func.count()).where(PriceLabel.id.in_(ids)).group_by(PriceLabel.label)
    return dict(session.execute(query).all())


def regions(session: Session) -> list[tuple[str, str]]:
    """Return the regions that have labels, as the filter's choices."""
    known = select(PriceLabel.region_code).distinct()
    query = select(Region.code, Region.name).where(Region.code.in_(known)).order_by(Region.code)
    return [(code, name) for code, name in session.execute(query)]


def is_run(session: Session, run_id: int) -> bool:
    """Say whether there is a labelling run of that number."""
    return session.get(LabelRun, run_id) is not None


def one(session: Session, label_id: int, actor: Actor) -> PriceLabel:
    """Return a label, or NotFound."""
    found = session.scalars(visible(actor).where(PriceLabel.id == label_id)).one_or_none()
    if found is None:
        raise NotFound(label=label_id)
    return found


def history(session: Session, label: PriceLabel) -> Sequence[PriceLabel]:
    """Return every label the same listing had, the latest first."""
    same = (PriceLabel.product_id == label.product_id) & (PriceLabel.region_code == label.region_code)
    query = select(PriceLabel).where(same, PriceLabel.kind == label.kind).options(joinedload(PriceLabel.set_))
    return session.scalars(query.order_by(PriceLabel.since.desc(), PriceLabel.id.desc()).limit(100)).all()


def of_product(session: Session, product_id: int, day: date) -> Sequence[PriceLabel]:
    """Return the labels of a product that stand on a day."""
    query = select(PriceLabel).where(PriceLabel.product_id == product_id, stands_on(day)).options(*_WHOLE)
    return session.scalars(query.order_by(PriceLabel.region_code, PriceLabel.kind)).all()


def standing(session: Session, label: PriceLabel) -> Listing | None:
    """Return the current listing that a label is about; None where it has ended."""
    query = select(Listing).where(
        Listing.product_id == label.product_id, Listing.region_code == label.region_code, Listing.kind == label.kind,
        Listing.state != "ended",
    )  # fmt: skip
    return session.scalars(query).one_or_none()


def band(session: Session, label: PriceLabel) -> LabelBand | None:
    """Return from which price on the product is labelled by the same set now."""
    return session.get(LabelBand, (label.set_id, label.product_id))
