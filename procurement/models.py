"""Every table of the package, in one import."""

from procurement.agreements import models as agreements
from procurement.agreements.absences import models as absences
from procurement.agreements.alerts import models as alerts
from procurement.agreements.boards import models as boards
from procurement.agreements.deliveries import models as deliveries
from procurement.agreements.ledger import models as ledger
from procurement.agreements.reassignment import models as reassignment
from procurement.agreements.takeovers import models as takeovers
from procurement.bids import models as bids
from procurement.bids.declarations import models as declarations
from procurement.bids.joints import models as joints
from procurement.bids.sealing import models as sealing
from procurement.demand import models as demand
from procurement.demand.joining import models as joining
from procurement.dossiers import models as dossiers
from procurement.orders.figures import models as figures
from procurement.orders.figures import services as sums  # who writes orders counts them, in a command or job too
from procurement.orders.models import orders, plans, shipments
from procurement.orders.monitored import services as pushing  # and the monitoring of prices hears of it
from procurement.retention.models import inputs as retention_inputs
from procurement.retention.models import runs as retention_runs
from procurement.rounds.announcements import models as announcements
from procurement.rounds.draft import models as drafts
from procurement.rounds.experts import models as experts
from procurement.rounds.letters import models as letters
from procurement.rounds.models import awards, evaluations, rounds
from procurement.rounds.objections import models as objections
from procurement.rounds.revivals import models as revivals
from procurement.rounds.sets import models as sets
from procurement.rounds.statements import models as statements
from procurement.rounds.voids import models as voids
from procurement.settlement.models import claims, invoices
from procurement.settlement.statements import models as accounts
from procurement.supply.channel import models as channel
from procurement.supply.shortages import models as shortages

__all__ = [
    "absences", "accounts", "agreements", "alerts", "announcements", "awards", "bids", "boards", "channel",
    "claims", "declarations", "deliveries", "demand", "dossiers", "drafts", "evaluations", "experts", "figures",
    "invoices", "joining", "joints", "ledger", "letters", "objections", "orders", "plans", "pushing",
    "reassignment", "retention_inputs", "retention_runs", "revivals", "rounds", "sealing", "sets", "shipments",
    "shortages", "statements", "sums", "takeovers", "voids",
]  # fmt: skip
