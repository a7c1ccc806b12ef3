"""Names of the figures, what each is a share of, and what refusals about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.orders.figures.flow import FigureCode, Level, TargetCode
from procurement.tags import Tag

labels(
    {
        FigureCode.RESPONSE: _l("Order response rate"),
        FigureCode.RESPONSE_24H: _l("Answered within 24 hours"),
        FigureCode.TIMELINESS: _l("Delivery timeliness"),
        FigureCode.COMPLETION: _l("Order completion rate"),
        FigureCode.AMOUNT_FILL: _l("Amount fill"),
        FigureCode.SPECIFICATION_FILL: _l("Specification fill"),
        FigureCode.PAYMENT: _l("Paid within 30 days"),
        FigureCode.ONLINE_DRUGS: _l("Online rate of drugs"),
        FigureCode.ONLINE_CONSUMABLES: _l("Online rate of high-value consumables"),
        FigureCode.ONLINE: _l("Online rate"),
    }
)
labels(
    {
        Level.HOSPITAL: _l("By hospital"),
        Level.COMPANY: _l("By producer"),
        Level.DELIVERER: _l("By deliverer"),
        Level.PAIR: _l("By hospital and producer"),
        Level.SUPPLY: _l("By hospital and deliverer"),
        Level.PLACE: _l("By producer and place"),
    }
)
labels(
    {
        TargetCode.GENERIC_NAMES: _l("Generic names bought under rounds"),
        TargetCode.CATEGORIES: _l("Consumable categories bought under rounds"),
        TargetCode.ONLINE_DRUGS: _l("Online rate of drugs, of the year"),
        TargetCode.ONLINE_CONSUMABLES: _l("Online rate of high-value consumables, of the year"),
        TargetCode.PAYMENT: _l("Paid within 30 days, of the year"),
    }
)
MEANINGS = {
    FigureCode.RESPONSE: _l(
        "Orders confirmed or refused before they became void ÷ orders placed, without those the hospital took back "
        "before an answer and those whose hour has not come."
    ),
    FigureCode.RESPONSE_24H: _l(
        "Orders answered within 24 hours ÷ orders placed, without those taken back before an answer and those "
        "younger than 24 hours."
    ),
    FigureCode.TIMELINESS: _l(
        "Confirmed orders of which everything was shipped before the hour by which it was due ÷ confirmed orders, "
        "without those whose hour has not come."
    ),
    FigureCode.COMPLETION: _l(
        "Orders of which everything was received ÷ orders placed, without those taken back before an answer and "
        "those the producer could not supply."
    ),
    FigureCode.AMOUNT_FILL: _l(
        "Amount received ÷ amount ordered, without orders taken back before an answer and those the producer could "
        "not supply."
    ),
    FigureCode.SPECIFICATION_FILL: _l(
        "Products of orders of which something was received ÷ products of orders, without those the producer could "
        "not supply."
    ),
    FigureCode.PAYMENT: _l(
        "Amount paid by the end of the thirtieth day after its receipt ÷ amount received and not returned, by the "
        "month of receipt."
    ),
    FigureCode.ONLINE_DRUGS: _l(
        "Drugs received of orders on the platform ÷ these and what hospitals reported to have bought beside it."
    ),
    FigureCode.ONLINE_CONSUMABLES: _l(
        "Consumables received of orders on the platform ÷ these and what hospitals reported to have bought beside it."
    ),
    FigureCode.ONLINE: _l(
        "Everything received of orders on the platform ÷ this and what hospitals reported to have bought beside it."
    ),
}
"""What each figure is a share of, as its footer says it."""

labels({Tag.OFFLINE_RECORDED: _l("Purchases beside the platform recorded")})
facts({"months": _l("Months")})
sentences(
    {
        "offline-no-month": _l("The month %(value)s is not written as 2026-03, or has not begun."),
        "offline-decimals": _l("The amount has more than 2 decimals."),
        "offline-no-variety": _l("There is no variety %(value)s of these goods."),
    }
)
sentences({"unknown-period": _l("“%(period)s” is no month (2026-03), quarter (2026Q1) or year (2026).")})
