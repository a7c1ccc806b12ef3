"""How a specification of the catalogue enters a conversion."""

from __future__ import annotations

from catalogue.drugs.models import Specification
from pricing.ratio.rules import Inconvertible, Presentation


def presentation(specification: Specification, *, pack: int | None = None) -> Presentation:
    """Return one side of a conversion: content is the basis where it is stated, the fill where it is not.

    `pack` stands in for the specification's own pack count. A compound is compared by its price factor instead.
    """
    strength = specification.strength
    if len(strength.components) > 1:
        raise Inconvertible("compound", text=specification.text)
    content = strength.components[0] if strength.components else None
    return Presentation(
        content=content,
        fill=None if content else strength.fill,
        pack=pack or specification.pack,
        form=specification.form,
        sugar_free=specification.sugar_free,
    )
