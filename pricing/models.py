"""Every table of the package, in one import. The ratio rules and the payment standards keep nothing."""

from pricing.adjustments import models as adjustments
from pricing.applications import models as listing_applications
from pricing.credit import models as credit
from pricing.credit.national import models as national_ratings
from pricing.credit.ratings import models as credit_ratings
from pricing.credit.violations import models as violations
from pricing.governance.cases import models as cases
from pricing.governance.comparison import models as comparison
from pricing.governance.labelling import models as labelling
from pricing.governance.sets import models as label_sets
from pricing.items import models as items
from pricing.items.applications import models as applications
from pricing.items.filings import models as filings
from pricing.listings import models as listings
from pricing.listings.duplicates import models as duplicates
from pricing.monitoring import models as monitoring
from pricing.triggers import models as triggers

__all__ = [
    "adjustments",
    "applications",
    "cases",
    "comparison",
    "credit",
    "credit_ratings",
    "duplicates",
    "filings",
    "items",
    "label_sets",
    "labelling",
    "listing_applications",
    "listings",
    "monitoring",
    "national_ratings",
    "triggers",
    "violations",
]
