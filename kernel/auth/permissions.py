"""One enum of permissions, one of roles, and the page that grants the first to the second."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a page or call requires. `PUBLIC` must be spelt out."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    ORGANISATION_APPLY = "organisation.apply"
    ORGANISATION_READ = "organisation.read"
    ORGANISATION_REVIEW = "organisation.review"
    USER_INVITE = "user.invite"
    USER_READ = "user.read"
    USER_DEACTIVATE = "user.deactivate"
    AUDIT_READ = "audit.read"
    HISTORY_READ = "history.read"
    CATALOGUE_READ = "catalogue.read"
    CATALOGUE_WRITE = "catalogue.write"
    DUAL_READ = "dual-channel.read"
    DUAL_WRITE = "dual-channel.write"
    DUAL_DESIGNATE = "dual-channel.designate"
    DUAL_PRESCRIBE = "dual-channel.prescribe"
    DUAL_DISPENSE = "dual-channel.dispense"
    PRESCRIPTION_READ = "prescription.read"
    IMPORT_USE = "import.use"
    DEMAND_SET_UP = "demand.set-up"
    DEMAND_READ = "demand.read"
    DEMAND_REPORT = "demand.report"
    DEMAND_REVIEW = "demand.review"
    ROUND_READ = "round.read"
    BOARD_READ = "board.read"
    ROUND_SET_UP = "round.set-up"
    ROUND_PUBLISH = "round.publish"
    ROUND_OPEN = "round.open"
    ROUND_EVALUATE = "round.evaluate"
    ROUND_AWARD = "round.award"
    ROUND_EXTEND = "round.extend"
    QUESTION_ASK = "question.ask"
    QUESTION_ANSWER = "question.answer"
    OBJECTION_READ = "objection.read"
    OBJECTION_FILE = "objection.file"
    OBJECTION_ANSWER = "objection.answer"
    BID_SUBMIT = "bid.submit"
    BID_READ = "bid.read"
    AGREEMENT_READ = "agreement.read"
    ORDER_READ = "order.read"
    ORDER_PLAN = "order.plan"
    ORDER_APPROVE = "order.approve"
    ORDER_SUPPLY = "order.supply"
    LEDGER_READ = "ledger.read"
    SUPPLY_WATCH = "supply.watch"
    SHORTAGE_READ = "shortage.read"
    SHORTAGE_REPORT = "shortage.report"
    SHORTAGE_ANSWER = "shortage.answer"
    SHORTAGE_DECIDE = "shortage.decide"
    EMERGENCY_READ = "emergency.read"
    EMERGENCY_FILE = "emergency.file"
    DELIVERY_NAME = "delivery.name"
    DELIVERY_ANSWER = "delivery.answer"
    DELIVERY_DECIDE = "delivery.decide"
    DELIVERY_CHOOSE = "delivery.choose"
    INVOICE_READ = "invoice.read"
    INVOICE_WRITE = "invoice.write"
    INVOICE_PAY = "invoice.pay"
    FUND_READ = "fund.read"
    FUND_WATCH = "fund.watch"
    FUND_PAY = "fund.pay"
    EXPERT_SCORE = "expert.score"
    DOSSIER_FILE = "dossier.file"
    DOSSIER_READ = "dossier.read"
    DOSSIER_CHECK = "dossier.check"
    LISTING_READ = "listing.read"
    LISTING_WRITE = "listing.write"
    LISTING_APPLY = "listing.apply"
    LISTING_REVIEW = "listing.review"
    LISTING_SEE = "listing.see"
    LABEL_READ = "label.read"
    LABEL_RULES = "label.rules"
    MONITOR_READ = "monitor.read"
    MONITOR_OWN = "monitor.own"
    CASE_READ = "case.read"
    CASE_WRITE = "case.write"
    CASE_ANSWER = "case.answer"
    CREDIT_READ = "credit.read"
    CREDIT_SIGN = "credit.sign"
    CREDIT_RATE = "credit.rate"
    RETENTION_READ = "retention.read"
    RETENTION_RUN = "retention.run"
    RETENTION_ANSWER = "retention.answer"
    SERVICE_READ = "service.read"
    SERVICE_WRITE = "service.write"
    SERVICE_FILE = "service.file"
    SERVICE_FILINGS = "service.filings"
    ADJUSTMENT_READ = "adjustment.read"
    ADJUSTMENT_WRITE = "adjustment.write"
    NEW_ITEM_READ = "new-item.read"
    NEW_ITEM_FILE = "new-item.file"
    NEW_ITEM_REVIEW = "new-item.review"
    ADJUSTMENT_SAY = "adjustment.say"


P = Permission


class Role(StrEnum):
    """What a person is in his organisation. The last three are the separated administrators (三员分立)."""

    MANUFACTURER = "manufacturer"
    DISTRIBUTOR = "distributor"
    PHARMACIST = "pharmacist"
    HOSPITAL_FINANCE = "hospital-finance"
    AGENCY_OFFICER = "agency-officer"
    AGENCY_REVIEWER = "agency-reviewer"
    PRICE_OFFICER = "price-officer"
    OPENING_OFFICER = "opening-officer"
    SUPERVISOR = "supervisor"
    PHARMACY = "pharmacy"
    EXPERT = "expert"
    ORGANISATION_ADMIN = "organisation-admin"
    SYSTEM_ADMIN = "system-admin"
    SECURITY_ADMIN = "security-admin"
    AUDIT_ADMIN = "audit-admin"


_ANYONE = frozenset({P.PUBLIC})
_MEMBER = _ANYONE | {P.SIGNED_IN, P.ORGANISATION_READ, P.ROUND_READ, P.CATALOGUE_READ, P.HISTORY_READ}
_AGENCY = _MEMBER | {
    P.BOARD_READ, P.DEMAND_READ, P.CATALOGUE_WRITE, P.IMPORT_USE, P.DEMAND_SET_UP, P.DEMAND_REVIEW, P.ROUND_SET_UP,
    P.ROUND_PUBLISH, P.ROUND_EXTEND, P.ROUND_EVALUATE, P.ROUND_AWARD, P.ROUND_OPEN, P.QUESTION_ANSWER,
    P.AGREEMENT_READ, P.BID_READ, P.ORGANISATION_REVIEW, P.DUAL_READ, P.DUAL_WRITE, P.DUAL_DESIGNATE,
    P.PRESCRIPTION_READ, P.OBJECTION_READ, P.OBJECTION_ANSWER, P.DOSSIER_READ, P.DOSSIER_CHECK, P.CREDIT_READ,
    P.ORDER_READ, P.LEDGER_READ,
    P.SUPPLY_WATCH, P.SHORTAGE_READ, P.SHORTAGE_DECIDE, P.EMERGENCY_READ,
    P.DELIVERY_DECIDE,
    P.INVOICE_READ, P.FUND_READ, P.FUND_WATCH, P.FUND_PAY,
    P.RETENTION_READ, P.RETENTION_RUN, P.MONITOR_READ, P.CREDIT_RATE,
}  # fmt: skip
_OBJECTOR = frozenset({P.OBJECTION_READ, P.OBJECTION_FILE})

PUBLIC_GRANTS = _ANYONE | {P.ROUND_READ, P.ORGANISATION_APPLY, P.LISTING_READ, P.SERVICE_READ}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.MANUFACTURER: _MEMBER | _OBJECTOR | {
        P.BID_SUBMIT, P.BID_READ, P.QUESTION_ASK, P.IMPORT_USE, P.AGREEMENT_READ, P.DOSSIER_FILE, P.DOSSIER_READ,
        P.CREDIT_READ, P.CREDIT_SIGN, P.ORDER_READ, P.ORDER_SUPPLY, P.LEDGER_READ,
        P.SHORTAGE_READ, P.SHORTAGE_ANSWER,
        P.DELIVERY_NAME,
        P.INVOICE_READ, P.INVOICE_WRITE,
        P.LISTING_APPLY, P.LISTING_SEE, P.LABEL_READ, P.MONITOR_READ, P.CASE_READ, P.CASE_ANSWER,
    },
    Role.DISTRIBUTOR: _MEMBER | _OBJECTOR | {
        P.IMPORT_USE, P.AGREEMENT_READ, P.CREDIT_READ, P.CREDIT_SIGN, P.ORDER_READ, P.ORDER_SUPPLY, P.DELIVERY_ANSWER,
        P.INVOICE_READ, P.INVOICE_WRITE,
    },
    Role.PHARMACIST: _MEMBER | _OBJECTOR | {
        P.DEMAND_READ, P.DEMAND_REPORT, P.IMPORT_USE, P.AGREEMENT_READ, P.DUAL_READ, P.DUAL_PRESCRIBE,
        P.PRESCRIPTION_READ, P.ORDER_READ, P.ORDER_PLAN, P.ORDER_APPROVE, P.LEDGER_READ,
        P.SHORTAGE_READ, P.SHORTAGE_REPORT, P.EMERGENCY_READ, P.EMERGENCY_FILE,
        P.DELIVERY_CHOOSE,
        P.INVOICE_READ, P.MONITOR_OWN,
        P.RETENTION_READ, P.ADJUSTMENT_SAY,
    },
    Role.HOSPITAL_FINANCE: _MEMBER | _OBJECTOR | {
        P.AGREEMENT_READ, P.ORDER_READ, P.LEDGER_READ, P.MONITOR_OWN,
        P.INVOICE_READ, P.INVOICE_PAY, P.FUND_READ,
        P.RETENTION_READ, P.RETENTION_ANSWER,
        P.NEW_ITEM_READ, P.NEW_ITEM_FILE, P.IMPORT_USE,
        P.SERVICE_FILE, P.SERVICE_FILINGS,
        P.ADJUSTMENT_SAY,
    },
    Role.AGENCY_OFFICER: _AGENCY,
    Role.AGENCY_REVIEWER: _AGENCY,
    Role.PRICE_OFFICER: _MEMBER | {
        P.DEMAND_READ, P.AGREEMENT_READ, P.DUAL_READ, P.IMPORT_USE, P.LISTING_WRITE, P.CREDIT_READ, P.CREDIT_RATE,
        P.ORDER_READ,
        P.LEDGER_READ,
        P.SUPPLY_WATCH, P.SHORTAGE_READ, P.EMERGENCY_READ,
        P.INVOICE_READ, P.FUND_READ, P.FUND_WATCH,
        P.RETENTION_READ,
        P.SERVICE_WRITE, P.SERVICE_FILINGS,
        P.ADJUSTMENT_READ, P.ADJUSTMENT_WRITE,
        P.NEW_ITEM_READ, P.NEW_ITEM_REVIEW,
        P.LISTING_REVIEW, P.LISTING_SEE, P.LABEL_READ, P.LABEL_RULES, P.MONITOR_READ, P.CASE_READ, P.CASE_WRITE,
    },
    Role.OPENING_OFFICER: _MEMBER | {P.ROUND_OPEN},
    Role.SUPERVISOR: _MEMBER | {
        P.BOARD_READ, P.DEMAND_READ, P.BID_READ, P.AGREEMENT_READ, P.AUDIT_READ, P.DUAL_READ, P.PRESCRIPTION_READ,
        P.OBJECTION_READ, P.DOSSIER_READ, P.CREDIT_READ, P.ORDER_READ, P.LEDGER_READ,
        P.SUPPLY_WATCH, P.SHORTAGE_READ, P.EMERGENCY_READ,
        P.INVOICE_READ, P.FUND_READ, P.FUND_WATCH,
        P.RETENTION_READ,
        P.ADJUSTMENT_READ,
        P.NEW_ITEM_READ,
        P.LISTING_SEE, P.LABEL_READ, P.MONITOR_READ, P.CASE_READ,
        P.SERVICE_FILINGS,
    },
    Role.PHARMACY: _MEMBER | _OBJECTOR | {
        P.DEMAND_READ, P.DEMAND_REPORT, P.IMPORT_USE, P.AGREEMENT_READ, P.DUAL_READ, P.DUAL_DISPENSE,
        P.PRESCRIPTION_READ, P.ORDER_READ, P.ORDER_PLAN, P.ORDER_APPROVE, P.LEDGER_READ,
        P.SHORTAGE_READ, P.SHORTAGE_REPORT, P.EMERGENCY_READ, P.EMERGENCY_FILE,
        P.DELIVERY_CHOOSE,
        P.INVOICE_READ, P.INVOICE_PAY, P.MONITOR_OWN,
    },
    Role.EXPERT: _MEMBER | {P.EXPERT_SCORE},
    Role.ORGANISATION_ADMIN: _MEMBER | {P.USER_INVITE, P.USER_READ, P.USER_DEACTIVATE},
    Role.SYSTEM_ADMIN: _MEMBER | {P.ORGANISATION_REVIEW, P.IMPORT_USE},
    Role.SECURITY_ADMIN: _MEMBER | {P.USER_INVITE, P.USER_READ, P.USER_DEACTIVATE, P.ORGANISATION_REVIEW},
    Role.AUDIT_ADMIN: _MEMBER | {P.AUDIT_READ},
}  # fmt: skip

DISJOINT = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


def granted(roles: frozenset[Role]) -> frozenset[Permission]:
    """Return what the roles allow together; nobody's roles still allow what the public may do."""
    return PUBLIC_GRANTS.union(*(GRANTS[role] for role in roles))
