"""The map of the package: each area adds its rows here."""

from __future__ import annotations

from kernel.routes import Api, Pages
from procurement.agreements import blueprint as agreements
from procurement.bids import blueprint as bids
from procurement.demand import blueprint as demand
from procurement.dossiers import blueprint as dossiers
from procurement.orders import blueprint as orders
from procurement.retention import blueprint as retention
from procurement.rounds import blueprint as rounds
from procurement.settlement import blueprint as settlement
from procurement.supply import blueprint as supply

pages = Pages("procurement", "procurement")
api = Api("procurement")

demand.mount(pages, api)  # its map is its own file
dossiers.mount(pages, api)
bids.mount(pages, api)
rounds.mount(pages, api)
agreements.mount(pages, api)
orders.mount(pages, api)
supply.mount(pages, api)
settlement.mount(pages, api)
retention.mount(pages, api)
