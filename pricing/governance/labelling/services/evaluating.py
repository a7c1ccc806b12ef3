"""Say of products whether they passed the consistency evaluation; labels follow with the next run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from catalogue.drugs.models import Product
from kernel.audit.services import record
from kernel.auth.actor import Actor
from kernel.db import upsert
from pricing.governance.labelling.models import ProductEvaluation
from pricing.tags import Tag


def say(session: Session, *, said: Mapping[int, tuple[bool, str]], actor: Actor, at: datetime) -> int:
    """Keep {product id: (passed, document)}; return how many changed."""
    if not said:
        return 0
    table = ProductEvaluation.__table__
    columns: dict[str, list[Any]] = {
        "product_id": list(said), "passed": [passed for passed, _source in said.values()],
        "source": [source for _passed, source in said.values()], "by_id": [actor.user_id] * len(said),
        "at": [at] * len(said),
    }  # fmt: skip
    changed = upsert(session, table, key=("product_id",), columns=columns)
    subject = session.get_one(Product, min(said))
    record(session, Tag.EVALUATIONS_SAID, subject, actor, at, {"count": len(said), "changed": changed})
    return changed
