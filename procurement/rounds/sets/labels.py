"""Names of the states of written rule sets, and what is wrong with a parameter, in the reader's language."""

from __future__ import annotations

from kernel.i18n import _l, labels
from kernel.problems import sentences
from procurement.rounds.sets.flow import SetAction, SetState
from procurement.tags import Tag

labels(
    {
        SetState.DRAFT: _l("Being written"),
        SetState.SUBMITTED: _l("Waits for a second person"),
        SetState.APPROVED: _l("Approved"),
        SetState.RETIRED: _l("Retired"),
        SetAction.CHANGE: _l("Change a parameter"),
        SetAction.SUBMIT: _l("Submit for approval"),
        SetAction.RETURN: _l("Send back"),
        SetAction.APPROVE: _l("Approve"),
        SetAction.REOPEN: _l("Make it a draft again"),
        SetAction.RETIRE: _l("Retire"),
        Tag.SET_COPIED: _l("Rule set copied"),
        Tag.SET_CHANGED: _l("Rule set changed"),
        Tag.SET_SUBMITTED: _l("Rule set submitted"),
        Tag.SET_APPROVED: _l("Rule set approved"),
        Tag.SET_RETURNED: _l("Rule set sent back"),
        Tag.SET_REOPENED: _l("Rule set opened again"),
        Tag.SET_RETIRED: _l("Rule set retired"),
    }
)
sentences(
    {
        "set-in-use": _l("A round goes by %(rule_set)s: it stands as it is. Copy it to change it."),
        "%(name)s: %(problem)s": _l("%(name)s: %(problem)s"),
        "must be one of %(options)s": _l("must be one of %(options)s"),
        "must be a whole number of at least %(low)s and at most %(high)s": _l(
            "must be a whole number of at least %(low)s and at most %(high)s"
        ),
        "must be a number of at most 12 digits before and 12 behind the point": _l(
            "must be a number of at most 12 digits before and 12 behind the point"
        ),
        "must be above %(low)s and at most %(high)s": _l("must be above %(low)s and at most %(high)s"),
        "must be above %(low)s": _l("must be above %(low)s"),
        "must be at least %(low)s and at most %(high)s": _l("must be at least %(low)s and at most %(high)s"),
        "must be at least %(low)s": _l("must be at least %(low)s"),
        "must be true or false": _l("must be true or false"),
        "must be a date such as 2027-12-31": _l("must be a date such as 2027-12-31"),
        "must be the name of a column": _l("must be the name of a column"),
        "must be a list with at least %(least)s entries": _l("must be a list with at least %(least)s entries"),
        "must be a table with at least one entry": _l("must be a table with at least one entry"),
        "gives %(k)s places to %(n)s bidders": _l("gives %(k)s places to %(n)s bidders"),
        "must not fall as N rises": _l("must not fall as N rises"),
        'must be a list of texts such as "sales desc", with "draw" at the end': _l(
            'must be a list of texts such as "sales desc", with "draw" at the end'
        ),
        "must be a list of pairs [highest price, ratio]": _l("must be a list of pairs [highest price, ratio]"),
        "must hold numbers, ratios between 0 and 1": _l("must hold numbers, ratios between 0 and 1"),
        "must have rising prices": _l("must have rising prices"),
        "can't stand beside %(other)s": _l("can't stand beside %(other)s"),
        "needs %(other)s": _l("needs %(other)s"),
        "is not a parameter of rule sets": _l("is not a parameter of rule sets"),
        "is not known at the top of a rule set": _l("is not known at the top of a rule set"),
        "must be a table": _l("must be a table"),
        "must be a text": _l("must be a text"),
        "is missing: the rule set has no parameters": _l("is missing: the rule set has no parameters"),
        "%(name)s is not a built-in rule set (%(known)s)": _l("%(name)s is not a built-in rule set (%(known)s)"),
        "must be a table with value, source and standing": _l("must be a table with value, source and standing"),
        "has an unknown entry %(key)s": _l("has an unknown entry %(key)s"),
        "has no value": _l("has no value"),
        "has no source": _l("has no source"),
        "has no standing (%(known)s)": _l("has no standing (%(known)s)"),
        "may be unset only with standing L or ?": _l("may be unset only with standing L or ?"),
    }
)
