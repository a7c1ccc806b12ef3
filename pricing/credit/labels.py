"""Names of credit's codes, and what refusals about letters and facts say."""

from __future__ import annotations

from kernel.audit.labels import facts
from kernel.i18n import _l, labels
from kernel.problems import sentences
from pricing.credit.flow import Act, LetterAction, LetterState, Matter, Source
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
# apart: a matter and a source are both called breach
labels(
    {
        Source.JUDGMENT: _l("Judgment"),
        Source.PENALTY: _l("Penalty decision"),
        Source.AUDIT: _l("Audit finding"),
        Source.BREACH: _l("Breach handed over"),
        Source.COLLUSION: _l("Collusion found"),
    }
)
facts(
    {
        "matter": _l("Matter"), "year": _l("Year"), "company": _l("Company"), "amount": _l("Amount"),
        "subject": _l("Subject"), "case": _l("Case number"),
        "credit_fact": _l("Credit fact"), "commitment_letter": _l("Commitment letter"),
    },
    {"matter": Matter},
)  # fmt: skip
sentences(
    {
        "no-such-benchmark": _l("There is no benchmark of version %(version)s."),
        "grade-not-covered": _l("Benchmark %(version)s gives no level without %(field)s."),
        "commitment-text-differs": _l("The letter's text has changed meanwhile. Read it again before you sign."),
        "commitment-not-signed": _l("The commitment letter of %(year)s is not signed."),
        "credit-unknown-company": _l("No company or distributor with the code %(value)s is registered."),
        "credit-fact-differs": _l("This document is reported already and says otherwise: %(before)s."),
        "credit-single": _l("%(value)s is more than the amount of which it is a part."),
        "credit-no-company": _l("Facts are reported about companies; organisation %(company)s is none."),
        "credit-bad-fact": _l("A fact needs a day that has come (%(day)s), a description and no negative amount."),
    }
)
