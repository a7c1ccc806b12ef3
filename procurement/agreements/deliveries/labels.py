"""Names of delivery relationships' codes, and what refusals and notices about them say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.agreements.deliveries.flow import DeliveryAction, DeliveryState, Exemption, Via
from procurement.tags import Tag

labels(
    {
        DeliveryState.ASKED: _l("Exemption asked for"),
        DeliveryState.NAMED: _l("Awaiting the deliverer"),
        DeliveryState.ACCEPTED: _l("Delivers"),
        DeliveryState.DECLINED: _l("Declined by the deliverer"),
        DeliveryState.REFUSED: _l("Exemption refused"),
        DeliveryState.ENDED: _l("Delivery ended"),
    }
)
labels(
    {
        DeliveryAction.GRANT: _l("Grant the exemption"),
        DeliveryAction.REFUSE: _l("Refuse the exemption"),
        DeliveryAction.ACCEPT: _l("Accept the delivery"),
        DeliveryAction.DECLINE: _l("Decline the delivery"),
        DeliveryAction.END: _l("End the delivery"),
    }
)
labels(
    {
        Via.DIRECT: _l("Straight from the producer"),
        Via.SALES_COMPANY: _l("Through its wholly-owned sales company"),
        Via.NATIONAL_AGENT: _l("Through the national agent of the import"),
        Via.DISTRIBUTOR: _l("Through another distributor"),
    }
)
labels(
    {
        Exemption.REMOTE: _l("Remote townships and villages"),
        Exemption.EMERGENCY: _l("Emergencies and rescue"),
        Exemption.CONTROLLED: _l("Narcotic and psychotropic drugs"),
        Exemption.OTHER: _l("Another ground, as written"),
    }
)
labels(
    {
        Tag.DELIVERY_NAMED: _l("Deliverer named"),
        Tag.DELIVERY_DECIDED: _l("Exemption from the two-invoice rule decided"),
        Tag.DELIVERY_ANSWERED: _l("Deliverer answered"),
        Tag.DELIVERY_ENDED: _l("Delivery relationship ended"),
        Tag.DELIVERY_CHOSEN: _l("Deliverer chosen by the hospital"),
    }
)
facts({"deliverer": _l("Deliverer"), "via": _l("Chain"), "granted": _l("Granted"), "product": _l("Product")},
      {"via": Via, "exemption": Exemption})  # fmt: skip
sentences(
    {
        "delivery-not-own": _l("Only products of your own company can be given to a deliverer."),
        "delivery-not-a-distributor": _l("Choose a distributor that is active on the platform."),
        "delivery-named-already": _l("%(deliverer)s is named for this product and region already."),
        "delivery-via-needed": _l("Write who stands between you and the deliverer."),
        "delivery-document-needed": _l("Attach the document that proves it."),
        "delivery-exemption-needed": _l(
            "With one more distributor there are three invoices; the two-invoice rule allows two. Choose the ground of "
            "the exemption."
        ),
        "delivery-choice-not-named": _l("%(deliverer)s delivers nothing of this company in your region."),
        "delivery-named": _l("%(company)s names you to deliver %(product)s in %(region)s. Please accept or decline."),
        "delivery-asked": _l("%(company)s asks for an exemption from the two-invoice rule for %(product)s."),
        "delivery-decided": _l("The agency decided on your exemption for %(product)s in %(region)s."),
        "delivery-answered": _l("%(deliverer)s answered about %(product)s in %(region)s."),
    }
)
