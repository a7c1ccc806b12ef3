"""Names of the codes of a preview."""

from __future__ import annotations

from kernel.i18n import _l, labels
from procurement.supply.effects.flow import Ground, InRound, Part, Place

PARTS = {
    Part.PRODUCTS: _l("Products suspended"),
    Part.REGIONS: _l("Regions reached"),
    Part.LISTINGS: _l("Prices in the list"),
    Part.ROUNDS: _l("Lots of rounds"),
    Part.ORDERS: _l("Orders that run"),
    Part.VOLUME: _l("Agreed volume at stake"),
    Part.SUBSTITUTES: _l("What may stand in"),
}
labels(PARTS)
labels(
    {
        Place.PROVINCE: _l("in the province"),
        Place.EVERYWHERE: _l("in every province"),
        InRound.MAY_BID: _l("Could bid, and may not any more"),
        InRound.HAS_BID: _l("Has bid, not yet decided"),
        InRound.WINNER: _l("Winner"),
    }
)
labels(
    {
        Ground.WINNER: _l("Wins of its own"),
        Ground.BACKUP: _l("Backup in the draft"),
        Ground.LISTED: _l("Listed in the region"),
    }
)
