"""Names of orders' codes, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.orders.flow import (
    Dispute,
    OrderAction,
    OrderKind,
    OrderState,
    PlanAction,
    PlanState,
    Refusal,
    ReturnAction,
    ReturnState,
    ShipmentAction,
    ShipmentState,
    Standing,
)
from procurement.tags import Tag

labels(
    {
        OrderKind.AGREEMENT: _l("Under a round’s agreement"),
        OrderKind.NEGOTIATED: _l("Negotiated drug"),
        OrderKind.LISTED: _l("Listed product"),
        OrderKind.SHORTAGE: _l("Drug in short supply"),
        OrderKind.FILED: _l("Filed purchase"),
        OrderKind.EMERGENCY: _l("Emergency purchase"),
    }
)
labels(
    {
        PlanState.DRAFT: _l("Plan being written"),
        PlanState.SUBMITTED: _l("Plan awaiting approval"),
        PlanState.PLACED: _l("Plan placed"),
        PlanState.WITHDRAWN: _l("Plan withdrawn"),
    }
)
labels(
    {
        PlanAction.SAVE: _l("Save the plan"),
        PlanAction.SUBMIT: _l("Hand in for approval"),
        PlanAction.RETURN: _l("Give back"),
        PlanAction.APPROVE: _l("Approve and place"),
        PlanAction.WITHDRAW: _l("Withdraw the plan"),
    }
)
labels(
    {
        OrderState.PLACED: _l("Awaiting the supplier"),
        OrderState.CONFIRMED: _l("Confirmed, to be shipped"),
        OrderState.REFUSED: _l("Refused by the supplier"),
        OrderState.EXPIRED: _l("Void, not answered in time"),
        OrderState.CANCELLED: _l("Cancelled by the hospital"),
        OrderState.SHIPPED: _l("On its way"),
        OrderState.DONE: _l("Completed"),
    }
)
labels(
    {
        OrderAction.CONFIRM: _l("Confirm the order"),
        OrderAction.REFUSE: _l("Refuse the order"),
        OrderAction.EXPIRE: _l("Void by the clock"),
        OrderAction.CANCEL: _l("Cancel the order"),
        OrderAction.SHIP: _l("Ship"),
        OrderAction.FINISH: _l("Complete"),
    }
)
labels(
    {
        Standing.TO_CONFIRM: _l("To be confirmed"),
        Standing.TO_SHIP: _l("To be shipped"),
        Standing.LATE: _l("Shipment late"),
        Standing.TO_RECEIVE: _l("Goods to be received"),
        Standing.TO_SETTLE: _l("Dispute or return open"),
        Standing.DONE: _l("Completed"),
        Standing.VOID: _l("Void"),
    }
)
labels(
    {
        Refusal.OUT_OF_STOCK: _l("Out of stock at the deliverer"),
        Refusal.PRODUCER_SHORT: _l("Short at the producer"),
        Refusal.NO_DELIVERY: _l("No delivery to this hospital"),
        Refusal.UNPAID: _l("The hospital owes payments"),
        Refusal.PRICE: _l("The price does not hold"),
        Refusal.OTHER: _l("Another reason, as written"),
    }
)
labels(
    {
        ShipmentState.SHIPPED: _l("To be received"),
        ShipmentState.DISPUTED: _l("In dispute"),
        ShipmentState.RECEIVED: _l("Goods received"),
    }
)
labels(
    {
        ShipmentAction.RECEIVE: _l("Receive"),
        ShipmentAction.DISPUTE: _l("Dispute"),
        ShipmentAction.SETTLE: _l("Settle the dispute"),
        ShipmentAction.LAPSE: _l("Received by the clock"),
    }
)
labels(
    {
        Dispute.SHORT: _l("Less arrived than was shipped"),
        Dispute.DAMAGED: _l("Damaged"),
        Dispute.WRONG_ITEM: _l("Not what was ordered"),
        Dispute.EXPIRING: _l("Expires too soon"),
        Dispute.COLD_CHAIN: _l("Cold chain was broken"),
        Dispute.NOT_ARRIVED: _l("Has not arrived"),
    }
)
labels(
    {
        ReturnState.ASKED: _l("Return asked for"),
        ReturnState.ACCEPTED: _l("Return accepted"),
        ReturnState.REFUSED: _l("Return refused"),
    }
)
labels(
    {
        ReturnAction.ACCEPT: _l("Accept the return"),
        ReturnAction.REFUSE: _l("Refuse the return"),
    }
)
labels(
    {
        Tag.PLAN_SAVED: _l("Purchase plan saved"),
        Tag.PLAN_RECEIVED: _l("Purchase plan received from a hospital’s system"),
        Tag.PLAN_SUBMITTED: _l("Purchase plan handed in"),
        Tag.PLAN_RETURNED: _l("Purchase plan given back"),
        Tag.PLAN_WITHDRAWN: _l("Purchase plan withdrawn"),
        Tag.PLAN_PLACED: _l("Purchase plan approved and placed"),
        Tag.TEMPLATE_SAVED: _l("Purchase template saved"),
        Tag.TEMPLATE_REMOVED: _l("Purchase template removed"),
        Tag.ORDER_CONFIRMED: _l("Order confirmed"),
        Tag.ORDER_REFUSED: _l("Order refused"),
        Tag.ORDER_EXPIRED: _l("Order void by the clock"),
        Tag.ORDER_CANCELLED: _l("Order cancelled"),
        Tag.ORDER_SHIPPED: _l("Shipment sent"),
        Tag.ORDER_LATE: _l("Order late"),
        Tag.SHIPMENT_RECEIVED: _l("Shipment received"),
        Tag.SHIPMENT_LAPSED: _l("Shipment received by the clock"),
        Tag.SHIPMENT_DISPUTED: _l("Shipment received in part, the rest disputed"),
        Tag.SHIPMENT_SETTLED: _l("Dispute settled"),
        Tag.RETURN_ASKED: _l("Return asked"),
        Tag.RETURN_ACCEPTED: _l("Goods taken back"),
        Tag.RETURN_REFUSED: _l("Taking back refused"),
    }
)
facts({
    "kind": _l("Kind"), "orders": _l("Orders"), "amount": _l("Amount"), "due": _l("Due"), "refusal": _l("Refusal"),
    "shipment": _l("Shipment"), "batches": _l("Batches"), "disputed": _l("Disputed"), "granted": _l("Granted"),
    "return": _l("Goods sent back"), "note": _l("Note"), "lines": _l("Lines"),
    "reason": _l("Reason"), "title": _l("Title"),
})  # fmt: skip
sentences(
    {
        "bad-period": _l("“%(period)s” is no period; write a number and hours, days or workdays."),
        "order-without-agreement": _l("%(value)s: the hospital has no agreement on it that is in force."),
        "order-without-listing": _l("%(value)s: it is not listed for this kind of purchase in the region."),
        "emergency-price-needed": _l("%(value)s has no agreed and no listed price; type the price per unit."),
        "order-without-agreement-here": _l("No agreement in force"),
        "order-without-listing-here": _l("Not listed for this in the region"),
        "emergency-price-needed-here": _l("No price; type one"),
        "emergency-beyond-share": _l(
            "With this plan emergency purchases would be %(share)s of the last 365 days; the region allows %(cap)s."
        ),
        "plan-refused": _l("%(count)s lines can’t be bought as asked. Nothing was placed."),
        "order-suspended": _l(
            "%(value)s is suspended from %(day)s until %(until)s by credit rating %(number)s: %(matter)s, %(level)s."
        ),
        "order-unsigned": _l("The company has not signed the commitment letter of %(year)s; filed purchases take it."),
        "order-letter-withdrawn": _l(
            "%(value)s is suspended since %(day)s: its company withdrew its commitment letter."
        ),
        "order-suspended-here": _l(
            "Suspended from %(day)s until %(until)s by credit rating %(number)s: %(matter)s, %(level)s."
        ),
        "order-letter-withdrawn-here": _l("Suspended since %(day)s: its company withdrew its commitment letter."),
        "companies-barred": _l("Credit bars orders in this region; take these lines out: %(companies)s."),
        "exchange-unreadable": _l("The text is no table with a heading for the product and one for the quantity."),
        "plan-empty": _l("The plan holds no line yet."),
        "product-unknown": _l("Product %(value)s is unknown or no longer sold."),
        "product-in-several-packs": _l("%(value)s is sold as %(packs)s; name the pack or the product’s number."),
        "product-twice": _l("%(value)s stands in the list twice; its first line counts."),
        "quantity-not-positive": _l("“%(value)s” is no quantity above 0 with at most 3 decimals."),
        "price-not-positive": _l("“%(value)s” is no price above 0 with at most 4 decimals."),
        "price-not-typed": _l("Prices are typed in emergency purchases only."),
        "hospital-without-region": _l("The hospital has no region, so no listing and no period applies to it."),
        "volume-gone-meanwhile": _l("Somebody else took the agreed volume in the meantime. Try again."),
        "order-not-late": _l("Order %(number)s was confirmed and is not late yet; it can be cancelled after %(due)s."),
        "order-nothing-left": _l("Of order %(number)s nothing is left to be cancelled."),
        "shipped-beyond-order": _l("Only %(left)s units are left to be shipped."),
        "shipment-empty": _l("Say which batches are shipped."),
        "order-line-unknown": _l("The order has no line %(value)s."),
        "batch-needed": _l("Write the batch number."),
        "batch-expired": _l("The batch expires on %(value)s; it can’t be delivered any more."),
        "received-out-of-range": _l("Between 0 and %(quantity)s units can have arrived."),
        "dispute-needs-reason": _l("Choose what is wrong with the rest."),
        "not-received-yet": _l("Shipment %(number)s has not been received, so nothing of it can go back."),
        "returned-out-of-range": _l("At most %(left)s units can go back."),
        "return-empty": _l("Say how much goes back."),
        "plan-submitted": _l("Purchase plan “%(title)s” waits for your approval."),
        "plan-returned": _l("Purchase plan “%(title)s” was given back: %(reason)s"),
        "no-order-chosen": _l("Tick at least one order."),
        "expiry-not-a-day": _l("“%(value)s” is no day; write it as 2027-12-31."),
        "pasted-row-unread": _l("“%(value)s”: write line number, batch number, expiry and units with tabs between."),
        "orders-placed": _l("%(hospital)s placed %(count)s orders. Please confirm or refuse them in time."),
        "order-expired": _l("Order %(number)s was not answered in time and is void."),
        "order-refused": _l("Order %(number)s was refused by its supplier."),
        "order-cancelled": _l("Order %(number)s was cancelled by the hospital."),
        "order-shipped": _l("Shipment %(shipment)s of order %(number)s is on its way."),
        "order-late": _l(
            "Order %(number)s is late: not all of it was shipped in time. The hospital may cancel the rest."
        ),
        "shipment-disputed": _l("The hospital disputes a part of shipment %(shipment)s."),
        "dispute-granted": _l("The supplier grants the dispute about shipment %(shipment)s."),
        "dispute-dropped": _l("The hospital drops its dispute about shipment %(shipment)s."),
        "return-asked": _l("A hospital asks to send goods back: %(return)s."),
        "ledger-differs": _l(
            "The volume ledger of %(day)s differs in %(count)s places from agreements or orders. Ask the operator "
            "to run jicai ledger check."
        ),
        "return-answered": _l("The supplier answered return %(return)s."),
    }
)
