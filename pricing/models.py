"""Every table of the package, in one import. The ratio rules and the payment standards keep nothing."""

from pricing.credit import models as credit
from pricing.listings import models as listings

__all__ = ["credit", "listings"]
