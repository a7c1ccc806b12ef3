"""Who is asked for demand, and who may join a collection of his own accord.

Sources: our own reading of the notices on demand reports (public hospitals report; private ones and designated
pharmacies take part voluntarily); decision 15.
"""

from __future__ import annotations

from kernel.parties.codes import OrganisationKind, Ownership


def volunteers(kind: OrganisationKind, ownership: Ownership | None) -> bool:
    """Say whether an organisation is never asked; a hospital whose owner nobody has stated is.

    >>> volunteers(OrganisationKind.HOSPITAL, None), volunteers(OrganisationKind.PHARMACY, None)
    (False, True)
    """
    return kind is OrganisationKind.PHARMACY or (
        kind is OrganisationKind.HOSPITAL and ownership is Ownership.PRIVATE
    )  # fmt: skip


def may_join(kind: OrganisationKind, ownership: Ownership | None, *, private: bool, pharmacies: bool) -> bool:
    """Say whether a collection with these two switches takes the organisation in.

    >>> may_join(OrganisationKind.HOSPITAL, Ownership.PRIVATE, private=True, pharmacies=False)
    True
    >>> may_join(OrganisationKind.HOSPITAL, Ownership.PUBLIC, private=True, pharmacies=True)
    False
    """
    return volunteers(kind, ownership) and (pharmacies if kind is OrganisationKind.PHARMACY else private)
