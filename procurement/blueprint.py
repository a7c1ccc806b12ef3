"""The map of the package: each area adds its rows here."""

from __future__ import annotations

from kernel.auth.permissions import P
from kernel.i18n import _l
from kernel.routes import Api, Pages
from kernel.web import NavItem, home_queue, nav_item, subject_link
from procurement.bids import api as bids_api
from procurement.bids import labels as bid_labels
from procurement.bids import views as bids
from procurement.bids.schemas import BoxOut, OpenedLineOut, OwnBidOut, ReceiptOut, SubmissionIn, WithdrawalIn
from procurement.demand import blueprint as demand

pages = Pages("procurement", "procurement")
api = Api("procurement")

demand.mount(pages, api)  # its map is its own file

assert bid_labels  # registers names and sentences

# bids
pages.add("bids", "/bids", bids.index, P.BID_SUBMIT)
pages.add("bid_box", "/bids/<int:box_id>", bids.box, P.BID_SUBMIT)
pages.add("bid_lot", "/bids/<int:box_id>/lots/<int:lot_id>", bids.lot, P.BID_SUBMIT)
pages.add(
    "bid_submit", "/bids/<int:box_id>/lots/<int:lot_id>", bids.submit, P.BID_SUBMIT, methods=("POST",), again=bids.lot
)
pages.add("bid_withdraw", "/bids/<int:box_id>/withdrawal", bids.withdraw, P.BID_SUBMIT, methods=("POST",))
pages.add("bid_receipt", "/receipts/<receipt>", bids.receipt, P.BID_SUBMIT)
pages.add("bid_receipt_file", "/receipts/<receipt>/file", bids.receipt_file, P.BID_SUBMIT)
pages.add("bid_opening", "/bids/<int:box_id>/opening", bids.opening, P.BID_READ)
pages.add("bid_opening_export", "/bids/<int:box_id>/opening/workbook", bids.opening_export, P.BID_READ)
api.add("boxes", "/boxes", bids_api.boxes, P.BID_SUBMIT, returns=BoxOut(many=True))
api.add("own_bids", "/boxes/<int:box_id>/bids", bids_api.bids, P.BID_SUBMIT, returns=OwnBidOut(many=True))
api.add(
    "submissions", "/boxes/<int:box_id>/submissions", bids_api.submit, P.BID_SUBMIT, methods=("POST",),
    body=SubmissionIn, returns=ReceiptOut, status=201,
)  # fmt: skip
api.add(
    "withdrawals", "/boxes/<int:box_id>/withdrawals", bids_api.withdraw, P.BID_SUBMIT, methods=("POST",),
    body=WithdrawalIn, returns=ReceiptOut, status=201,
)  # fmt: skip
api.add("receipt", "/receipts/<receipt>", bids_api.receipt, P.BID_SUBMIT, returns=ReceiptOut)
api.add(
    "opened_lines", "/boxes/<int:box_id>/opened-lines", bids_api.opened_lines, P.BID_READ,
    returns=OpenedLineOut(many=True),
)  # fmt: skip
nav_item(NavItem(_l("Bidding"), _l("My bids"), "procurement.bids", "lock", P.BID_SUBMIT, count=bids.waiting, order=30))
home_queue(P.BID_SUBMIT, bids.queue, order=10)
subject_link("bid_box", bids.box_link)
subject_link("bid_submission", bids.submission_link)
