"""Names of trigger evaluations' codes, inputs and parameters, and what refusals about them say."""

from __future__ import annotations

from typing import Any

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.tags import Tag
from pricing.triggers.flow import Decision, Outcome, Role, Verdict, YearAction, YearState

labels({Role.TRIGGER: _l("Trigger"), Role.CONSTRAINT: _l("Constraint")})
labels(
    {Outcome.MET: _l("Indicator met"), Outcome.NOT_MET: _l("Indicator not met"), Outcome.MISSING: _l("Data missing")}
)
labels(
    {
        Decision.START: _l("Start the adjustment"),
        Decision.NO_START: _l("No adjustment this year"),
        Decision.UNDETERMINED: _l("Undetermined: data of a constraint are missing"),
        Decision.SKIPPED: _l("Triggers do not apply"),
    }
)
labels({Verdict.START: _l("Start the adjustment"), Verdict.NO_START: _l("No adjustment this year")})
labels(
    {
        YearState.COLLECTING: _l("Data are collected"),
        YearState.EVALUATED: _l("Triggers evaluated"),
        YearState.PROPOSED: _l("Waits for a second person"),
        YearState.DECIDED: _l("Decided on the adjustment"),
        YearAction.ENTER: _l("Enter data"),
        YearAction.EVALUATE: _l("Evaluate"),
        YearAction.PROPOSE: _l("Propose a decision"),
        YearAction.RETURN: _l("Send the proposal back"),
        YearAction.CONFIRM: _l("Confirm the decision"),
        Tag.TRIGGER_RULES_WRITTEN: _l("Trigger rules written"),
        Tag.TRIGGER_RULES_APPROVED: _l("Trigger rules approved"),
        Tag.TRIGGER_YEAR_OPENED: _l("Trigger evaluation begun"),
        Tag.TRIGGER_DATA_ENTERED: _l("Trigger data entered"),
        Tag.TRIGGER_EVALUATED: _l("Triggers evaluated"),
        Tag.TRIGGER_PROPOSED: _l("Decision on the adjustment proposed"),
        Tag.TRIGGER_RETURNED: _l("Proposal on the adjustment sent back"),
        Tag.TRIGGER_DECIDED: _l("Adjustment decided on"),
    }
)
facts({"verdict": _l("Decision"), "rules": _l("Rule set"), "decision": _l("What the rules say")})
sentences(
    {
        "trigger-year": _l("%(value)s is no year whose data can be complete."),
        "trigger-dues": _l("The data are due after now, the decision not before the data."),
        "trigger-year-open": _l("The region's evaluation on the data of %(year)s has begun already."),
        "trigger-missing-why": _l("Without a value, say why it is missing."),
        "trigger-no-source": _l("Name the source of the value."),
        "trigger-figure": _l("%(value)s has more than 4 decimals or is too large."),
        "trigger-no-data": _l("Nothing has been entered yet."),
        "trigger-not-met": _l("The rules say “%(decision)s”: prices can't be adjusted on that ground."),
        "rule-unapproved": _l("%(title)s waits for a second person's approval."),
        "trigger-data-due": _l(
            "The data of %(year)s for the trigger evaluation of %(region)s are due in %(days)s days or less."
        ),
        "trigger-decision-due": _l(
            "The decision on prices in %(region)s (data of %(year)s) is due in %(days)s days or less."
        ),
    }
)
INPUTS: dict[str, Any] = {
    "technical_labour_revenue": _l("Revenue of technical-labour items (yuan)"),
    "service_revenue": _l("Revenue of medical services (yuan)"),
    "medical_revenue": _l("Medical revenue (yuan)"),
    "medical_revenue_last_year": _l("Medical revenue of the year before (yuan)"),
    "patient_cost": _l("Cost per patient (yuan)"),
    "patient_cost_last_year": _l("Cost per patient of the year before (yuan)"),
    "cpi_growth": _l("Growth of consumer prices (0.02 is 2 %)"),
    "cpi_target": _l("Target for the growth of consumer prices (0.03 is 3 %)"),
    "fund_balance": _l("Cumulative balance of the fund (yuan)"),
    "fund_monthly_payment": _l("Average monthly payment of the fund (yuan)"),
    "fund_income": _l("Income of the fund (yuan)"),
    "fund_expense": _l("Expense of the fund (yuan)"),
    "cost_per_visit": _l("Cost per visit (yuan)"),
    "cost_per_visit_last_year": _l("Cost per visit of the year before (yuan)"),
    "cost_this_year": _l("Cost per visit or discharge (yuan)"),
    "cost_last_year": _l("Cost per visit or discharge of the year before (yuan)"),
    "cost_two_years_ago": _l("Cost per visit or discharge two years before (yuan)"),
    "cost_target": _l("Expected cost per visit or discharge (yuan)"),
    "gdp": _l("Gross regional product (yuan)"),
    "gdp_last_year": _l("Gross regional product of the year before (yuan)"),
    "average_wage": _l("Average wage (yuan a year)"),
    "average_wage_last_year": _l("Average wage of the year before (yuan a year)"),
    "total_cost": _l("Total medical cost (yuan)"),
    "total_cost_last_year": _l("Total medical cost of the year before (yuan)"),
    "disaster": _l("Disaster or emergency (1 where there was one, else 0)"),
}
"""What the inputs of the built-in rules are called."""
PARAMETERS: dict[str, Any] = {
    "triggers": _l("How many triggers it takes"),
    "calendar.data": _l("Data due on (month-day)"),
    "calendar.finish": _l("Evaluation finished by (month-day)"),
    "calendar.cycle": _l("Longest cycle in years"),
}
FORMULAS: dict[str, str] = {
    "value": "a", "share": "a ÷ b", "growth": "a ÷ b − 1", "difference": "a − b", "growth-gap": "a ÷ b − c ÷ d",
    "falls": "max(b ÷ a, c ÷ b) − 1",
}  # fmt: skip
"""How a formula is written over its inputs a, b, c, d."""
