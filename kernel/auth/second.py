"""The rule of two persons: what one prepared, another decides."""

from __future__ import annotations

from kernel.auth.actor import Actor
from kernel.errors import DomainError


class SamePerson(DomainError):
    """A second person has to do this: whoever prepared it may not."""

    code = "same-person"


def must_be_another(actor: Actor, *makers: int | None) -> None:
    """Refuse a checker who is the maker. The system itself is nobody's second person."""
    if actor.user_id is None or actor.user_id in makers:
        raise SamePerson(name=actor.name)
