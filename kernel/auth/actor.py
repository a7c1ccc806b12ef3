"""Who acts in this request, job or command: a value, taken once and passed on."""

from __future__ import annotations

from dataclasses import dataclass, field

from kernel.auth.permissions import PUBLIC_GRANTS, Permission, Role, granted
from kernel.errors import Forbidden
from kernel.parties.codes import BUYERS, SUPPLIERS, OrganisationKind


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in an organisation, the public, or the system itself."""

    user_id: int | None
    name: str
    organisation_id: int | None = None
    organisation_name: str = ""
    organisation_kind: OrganisationKind | None = None
    region: str = ""
    roles: frozenset[Role] = frozenset()
    permissions: frozenset[Permission] = field(default=PUBLIC_GRANTS)

    def may(self, permission: Permission) -> bool:
        """Say whether the actor's roles grant the permission."""
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        """Raise `Forbidden` unless granted."""
        if permission not in self.permissions:
            raise Forbidden(permission=permission)

    @property
    def signed_in(self) -> bool:
        """Say whether a person stands behind the actor."""
        return self.user_id is not None

    @property
    def runs_platform(self) -> bool:
        """Say whether the actor works for the agency or oversees it: such people see every organisation's rows."""
        return self.organisation_kind in (
            OrganisationKind.AGENCY, OrganisationKind.BUREAU, OrganisationKind.OPERATOR
        )  # fmt: skip

    @property
    def buys(self) -> bool:
        """Say whether the actor's organisation reports demand, orders and pays."""
        return self.organisation_kind in BUYERS

    @property
    def supplies(self) -> bool:
        """Say whether the actor's organisation makes or delivers what is bought."""
        return self.organisation_kind in SUPPLIERS


PUBLIC = Actor(user_id=None, name="")
SYSTEM = Actor(user_id=None, name="system", permissions=frozenset(Permission))


def actor_for(
    *, user_id: int, name: str, roles: frozenset[Role], organisation_id: int, organisation_name: str,
    organisation_kind: OrganisationKind, region: str,
) -> Actor:  # fmt: skip
    """Return the actor of a signed-in user."""
    return Actor(
        user_id=user_id, name=name, organisation_id=organisation_id, organisation_name=organisation_name,
        organisation_kind=organisation_kind, region=region, roles=roles, permissions=granted(roles),
    )  # fmt: skip
