"""Names of credit's codes, and what refusals about letters and facts say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.credit.flow import Act, LetterAction, LetterState, Matter
from pricing.tags import Tag

labels(
    {
        Matter.KICKBACKS: _l("Kickbacks"),
        Matter.TAX: _l("Tax offence"),
        Matter.MONOPOLY: _l("Monopoly"),
        Matter.PRICING: _l("Illegal pricing"),
        Matter.RIGGED_BIDDING: _l("Disrupting procurement"),
        Matter.BREACH: _l("Breach of commitment"),
        Matter.RESISTING: _l("Resisting supervision"),
        Act.BID: _l("Bidding"),
        Act.LIST: _l("Listing products"),
        Act.ORDER: _l("Delivering on orders"),
        LetterState.SIGNED: _l("Letter signed"),
        LetterState.WITHDRAWN: _l("Letter withdrawn"),
        LetterAction.SIGN: _l("Sign the letter"),
        LetterAction.WITHDRAW: _l("Withdraw the letter"),
        Tag.COMMITMENT_SIGNED: _l("Commitment letter signed"),
        Tag.COMMITMENT_WITHDRAWN: _l("Commitment letter withdrawn"),
        Tag.CREDIT_FACT_REPORTED: _l("Credit fact reported"),
    }
)
facts(
    {
        "matter": _l("Matter"), "year": _l("Year"), "company": _l("Company"), "amount": _l("Amount"),
        "subject": _l("Subject"), "credit_fact": _l("Credit fact"), "commitment_letter": _l("Commitment letter"),
    },
    {"matter": Matter},
)  # fmt: skip
sentences(
    {
        "no-such-benchmark": _l("There is no benchmark of version %(version)s."),
        "grade-not-covered": _l("Benchmark %(version)s gives no level without %(field)s."),
        "commitment-text-differs": _l("The letter's text has changed meanwhile. Read it again before you sign."),
        "commitment-not-signed": _l("The commitment letter of %(year)s is not signed."),
        "credit-no-company": _l("Facts are reported about companies; organisation %(company)s is none."),
        "credit-bad-fact": _l("A fact needs a day that has come (%(day)s), a description and no negative amount."),
    }
)
