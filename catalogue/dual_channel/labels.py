"""Names of dual channel's codes, its refusals as sentences, and its notices."""

from __future__ import annotations

from catalogue.dual_channel.flow import (
    DesignationAction,
    DesignationState,
    PrescriptionAction,
    PrescriptionState,
    ReviewResult,
)
from catalogue.dual_channel.rules.conditions import Condition
from catalogue.dual_channel.rules.fixings import Fixing
from catalogue.dual_channel.rules.listing import DrugState, Layer
from catalogue.tags import Tag
from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences

labels(
    {
        DesignationState.PROPOSED: _l("Proposed for designation"),
        DesignationState.PUBLICISED: _l("In publicity"),
        DesignationState.DESIGNATED: _l("Designated"),
        DesignationState.SUSPENDED: _l("Designation suspended"),
        DesignationState.WITHDRAWN: _l("Designation withdrawn"),
        DesignationAction.PROPOSE: _l("Propose"),
        DesignationAction.PUBLICISE: _l("Publicise"),
        DesignationAction.DESIGNATE: _l("Designate"),
        DesignationAction.SUSPEND: _l("Suspend the designation"),
        DesignationAction.RESTORE: _l("Restore the designation"),
        DesignationAction.WITHDRAW: _l("Withdraw the designation"),
        ReviewResult.PASSED: _l("Review passed"),
        ReviewResult.TO_CORRECT: _l("To be put right"),
        ReviewResult.FAILED: _l("Review failed"),
        PrescriptionState.ISSUED: _l("Prescription issued"),
        PrescriptionState.CHOSEN: _l("Pharmacy chosen"),
        PrescriptionState.DISPENSED: _l("Dispensed"),
        PrescriptionState.SETTLED: _l("Settled with insurance"),
        PrescriptionAction.CHOOSE: _l("Choose the pharmacy"),
        PrescriptionAction.DISPENSE: _l("Dispense"),
        PrescriptionAction.SETTLE: _l("Settle with insurance"),
        Layer.ORDINARY: _l("Ordinary list"),
        Layer.SEPARATE: _l("Separate payment"),
        DrugState.UPCOMING: _l("Not yet valid"),
        DrugState.VALID: _l("Valid on the list"),
        DrugState.TRANSITION: _l("In transition"),
        DrugState.ENDED: _l("Off the list"),
        Fixing.HOSPITAL: _l("Fixed hospital"),
        Fixing.DOCTOR: _l("Fixed doctor"),
        Fixing.PHARMACY: _l("Fixed pharmacy"),
        Fixing.PATIENT: _l("Patient by real name"),
        Fixing.DRUG: _l("Fixed drug and prescription"),
        Condition.NO_PENALTY: _l("No penalty"),
        Condition.TRACEABILITY: _l("Traceable drugs"),
        Condition.STOCK_UPLOAD: _l("Stock uploaded"),
        Condition.PER_CHAIN: _l("Places of the chain"),
        Condition.PER_DISTRICT: _l("Places of the district"),
        Tag.DUAL_REGION_SAID: _l("Region's dual-channel rules set"),
        Tag.DUAL_DRUG_LISTED: _l("Drug put on a dual-channel list"),
        Tag.DUAL_DRUG_CHANGED: _l("Listed drug changed"),
        Tag.DUAL_DRUG_LEFT: _l("Drug leaves the list"),
        Tag.DUAL_PHARMACY_SAVED: _l("Pharmacy's profile saved"),
        Tag.DUAL_PLACE_PROPOSED: _l("Designation proposed"),
        Tag.DUAL_PLACE_PUBLICISED: _l("Designation publicised"),
        Tag.DUAL_PLACE_DESIGNATED: _l("Place designated"),
        Tag.DUAL_PLACE_SUSPENDED: _l("Designation was suspended"),
        Tag.DUAL_PLACE_RESTORED: _l("Designation was restored"),
        Tag.DUAL_PLACE_WITHDRAWN: _l("Designation was withdrawn"),
        Tag.DUAL_PLACE_REVIEWED: _l("Yearly review held"),
        Tag.DUAL_DOCTOR_NAMED: _l("Responsible doctor named"),
        Tag.DUAL_DOCTOR_ENDED: _l("Responsible doctor ended"),
        Tag.DUAL_STOCK_REPORTED: _l("Stock and prices reported"),
        Tag.PRESCRIPTION_ISSUED: _l("Prescription was issued"),
        Tag.PRESCRIPTION_CHOSEN: _l("Pharmacy was chosen"),
        Tag.PRESCRIPTION_DISPENSED: _l("Prescription was dispensed"),
        Tag.PRESCRIPTION_SETTLED: _l("Prescription was settled"),
        Tag.PRESCRIPTIONS_FORGOTTEN: _l("Prescriptions over their time deleted"),
    }
)
facts({}, {"layer": Layer, "result": ReviewResult})
sentences(
    {
        "dual-leaves-before-beginning": _l("The drug would leave before it is on the list: correct the days."),
        "dual-transition-without-leaving": _l("A transition ends after the day on which the drug leaves."),
        "dual-not-negotiated": _l("%(name)s stands in the part “%(part)s”, which the region does not list."),
        "dual-listed-already": _l("%(name)s is on this list already on some of these days."),
        "dual-reason-missing": _l("State the reason."),
        "dual-patient-missing": _l("Enter the hospital's own number of the patient."),
        "dual-patient-named": _l(
            "This looks like an identity number, a telephone number or a name. Enter the hospital's own number of the "
            "patient; the platform must not receive anything else."
        ),
        "dual-patient-too-long": _l("The hospital's number of a patient has at most 40 characters."),
        "dual-bad-parameter": _l("“%(value)s” can't be read here."),
        "dual-source-missing": _l("Name the document in which the region says so."),
        "dual-second-person": _l("Somebody else than who proposed it has to designate, so not %(name)s."),
        "dual-publicity-runs": _l("The publicity runs; it can be designated from %(day)s on."),
        "dual-conditions-unmet": _l("%(name)s does not meet: %(conditions)s."),
        "dual-not-designated": _l("%(name)s is not designated now."),
        "dual-region-without-rules": _l("No region of %(name)s has said its dual-channel rules yet."),
        "dual-no-regions": _l("There is no region yet: import the regions first."),
        "dual-doctor-known": _l("The doctor with licence %(licence)s is responsible already."),
        "dual-not-on-sale": _l("“%(value)s” is not on a dual-channel list that is valid today."),
        "dual-price-above-standard": _l("The price %(price)s is above the payment standard %(standard)s."),
        "dual-prescription-known": _l("There is a prescription %(number)s already."),
        "dual-fixings-fail": _l("This does not keep to the region's checklist: %(fixings)s."),
        "dual-figure-missing": _l("Enter both stock and price, or neither."),
        "dual-unknown-entry": _l("No issued edition has this entry."),
        "dual-unknown-entry.fix": _l("Look up edition, part and number in the national drug list"),
        "dual-other-name": _l("The entry is called “%(name)s”."),
        "dual-region-unknown": _l("There is no region with the code %(value)s."),
        "dual-part-not-listed": _l("The region does not list this part."),
        "dual-designated": _l("%(name)s is designated for dual channel from %(day)s on."),
        "dual-suspended": _l("The designation of %(name)s is suspended: %(reason)s"),
        "dual-withdrawn": _l("The designation of %(name)s is withdrawn: %(reason)s"),
    }
)

PARAMETERS = {
    "list.parts": (_l("Parts of the national list"), _l("The parts whose drugs the region puts on its lists")),
    "fixings.used": (_l("Fixings in use"), _l("What a prescription is checked against")),
    "pharmacy.no_penalty_years": (_l("Years without a penalty"), _l("Counted back from the day of the test")),
    "pharmacy.traceability": (_l("Traceable drugs are required"), ""),
    "pharmacy.stock_upload": (_l("Stock upload is required"), ""),
    "pharmacy.per_chain": (_l("Pharmacies of one chain"), _l("At most so many in a district")),
    "pharmacy.per_district": (_l("Pharmacies in a district"), _l("At most so many")),
    "publicity.workdays": (_l("Days of publicity"), _l("Working days between publicity and designation")),
    "review.months": (_l("Months between reviews"), ""),
    "stock.most_days": (_l("Age of a stock report"), _l("Days after which it no longer counts as stocked")),
    "payment.own_share": (_l("Patient's own share"), _l("Of the payment standard, between 0 and 1")),
    "circulation.keep_months": (
        _l("Keeping of prescription records"), _l("Months; what is older is deleted by a job every six hours"),
    ),
}  # fmt: skip
