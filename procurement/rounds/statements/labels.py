"""Names of the codes of statements, and the sentences of their refusals, notices and events."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.rounds.statements.flow import CostPart, ReturnReason, StatementAction, StatementState
from procurement.tags import Tag

labels(
    {
        StatementState.ASKED: _l("Statement asked for"),
        StatementState.SUBMITTED: _l("Statement submitted"),
        StatementState.RETURNED: _l("Statement returned"),
        StatementState.ACCEPTED: _l("Statement accepted"),
        StatementState.REFUSED: _l("Statement refused"),
        StatementState.MISSED: _l("Not submitted in time"),
    }
)
labels(
    {
        StatementAction.SUBMIT: _l("Submit the statement"),
        StatementAction.RETURN: _l("Return the statement"),
        StatementAction.ACCEPT: _l("Accept the statement"),
        StatementAction.REFUSE: _l("Refuse the statement"),
        StatementAction.MISS: _l("Its deadline passes"),
    }
)
labels(
    {
        CostPart.INGREDIENT: _l("Active ingredient or main material"),
        CostPart.EXCIPIENTS: _l("Excipients"),
        CostPart.PACKAGING: _l("Packaging material"),
        CostPart.LABOUR: _l("Labour"),
        CostPart.ENERGY: _l("Energy"),
        CostPart.OVERHEAD: _l("Manufacturing overhead and depreciation"),
        CostPart.RESEARCH: _l("Research and development"),
        CostPart.EXPENSES: _l("Administration, selling and finance"),
        CostPart.TAXES: _l("Taxes"),
        CostPart.PROFIT: _l("Profit"),
    }
)
labels(
    {
        ReturnReason.INCOMPLETE: _l("Parts or evidence are missing"),
        ReturnReason.NOT_PLAUSIBLE: _l("A part is not plausible"),
        ReturnReason.UNPROVEN: _l("What is stated is not proven"),
        ReturnReason.BELOW_COST: _l("The price is below the cost that is stated"),
        ReturnReason.OTHER: _l("Another reason, see the note"),
    }
)
labels(
    {
        Tag.STATEMENTS_ASKED: _l("Statements of reasons asked for"),
        Tag.STATEMENT_SUBMITTED: _l("Statement of reasons submitted"),
        Tag.STATEMENT_MISSED: _l("Statement of reasons not submitted in time"),
        Tag.STATEMENT_RETURNED: _l("Statement of reasons returned"),
        Tag.STATEMENT_ACCEPTED: _l("Statement of reasons accepted"),
        Tag.STATEMENT_REFUSED: _l("Statement of reasons refused"),
    }
)
sentences(
    {
        "no-statement-due": _l("No bid owes a statement that was not asked for."),
        "statement-due-past": _l("The deadline has to lie in the future."),
        "statement-too-late": _l("The deadline of the statement has passed. Nothing was submitted."),
        "statement-too-short": _l("State the reasons in at least %(least)s characters."),
        "cost-missing": _l("Enter an amount; 0 where there is none."),
        "cost-not-a-number": _l("“%(value)s” is not a plain number."),
        "cost-negative": _l("%(value)s is below zero; the profit alone may be."),
        "cost-too-precise": _l("%(value)s is too large or has more than %(places)s decimals."),
        "cost-sum": _l("The parts come to %(total)s and the bid price is %(price)s: they differ by %(difference)s."),
        "too-many-files": _l("At most %(most)s files at once."),
        "statement-asked": _l("A statement of reasons with the cost composition is due for %(variety)s of %(title)s"),
        "statement-received": _l("Your statement for %(variety)s of %(title)s is received. Receipt %(receipt)s"),
        "statement-accepted": _l("Your statement for %(variety)s of %(title)s is accepted"),
        "statement-returned": _l("Your statement for %(variety)s of %(title)s was returned; please submit it again"),
        "statement-refused": _l("Your statement for %(variety)s of %(title)s was refused"),
    }
)
