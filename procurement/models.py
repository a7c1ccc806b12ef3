"""Every table of the package, in one import."""

from procurement.agreements import models as agreements
from procurement.bids import models as bids
from procurement.bids.joints import models as joints
from procurement.bids.sealing import models as sealing
from procurement.demand import models as demand
from procurement.rounds.models import awards, evaluations, rounds
from procurement.rounds.sets import models as sets
from procurement.rounds.statements import models as statements

__all__ = [
    "agreements", "awards", "bids", "demand", "evaluations", "joints", "rounds", "sealing", "sets", "statements",
]  # fmt: skip
