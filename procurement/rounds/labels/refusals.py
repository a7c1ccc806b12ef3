"""What refusals and notices of rounds say."""

from __future__ import annotations

from kernel.i18n import _l
from kernel.problems import sentences

sentences(
    {
        "rehearsal-not-awarded": _l("%(code)s is a rehearsal round; it is never awarded."),
        "empty": _l("The table is empty."),
        "missing-column": _l("The column %(column)s is missing."),
        "not-yet": _l("It is too early: this can be done from %(due)s on."),
        "round-already-published": _l("Round %(code)s is published; its rules, caps and calendar stand as they are."),
        "round-not-ready": _l("The round can't be published yet; %(count)s things are missing."),
        "round-not-decided": _l("Something has to be decided first; %(count)s lots are concerned."),
        "call-not-free": _l("Choose a collection of demand that no other round uses."),
        "code-taken": _l("Another round has the code %(value)s."),
        "source-and-reason-needed": _l("Say where the value of %(column)s comes from and why it is used here."),
        "bad-parameter-value": _l("“%(value)s” is not a value for %(parameter)s."),
        "publicity-days": _l("The publicity lasts from 0 to %(most)s days."),
        "round-deadline-before-start": _l("The deadline has to lie after the hour from which bids are received."),
        "round-deadline-past": _l("The deadline has to lie in the future."),
        "round-deadline-not-later": _l("A deadline can only be made later."),
        "demand-not-locked": _l("The demand of “%(call)s” is not locked yet."),
        "no-lots": _l("The collection has no lots."),
        "lot-without-specifications": _l("Lot %(lot)s %(variety)s has no specification."),
        "cap-missing": _l("Lot %(lot)s %(variety)s: no cap for %(specifications)s."),
        "components-not-summed": _l(
            "Lot %(lot)s %(variety)s is a system of components, and these rules do not add components up."
        ),
        "fee-cap-above-limit": _l(
            "Lot %(lot)s %(variety)s: the cap of the service, %(cap)s, is above the rules' highest fee, %(limit)s."
        ),
        "start-missing": _l("Say from when bids are received."),
        "deadline-missing": _l("Set the deadline."),
        "questions-closed": _l("Questions about round %(code)s are taken from its publication to the deadline."),
        "already-answered": _l("The question is answered already."),
        "bad-moment": _l("“%(value)s” is not a Beijing date and time."),
        "not-a-whole-number": _l("“%(value)s” is not a whole number."),
        "order-numbers": _l("Number all %(count)s from 1 on, each number once."),
        "bad-cap": _l("“%(value)s” is not a price above zero with at most 4 decimals."),
        "rules-too-long": _l("The file is too long; a rule set has at most %(most)s characters."),
        "rules-not-utf8": _l("The file is not UTF-8 text."),
        "round-cap-unknown-place": _l("Lot %(lot)s of this round has no specification %(value)s."),
        "deadline-over": _l("The deadline of round %(code)s has passed; it can't be moved any more."),
        "extension-asked-already": _l("A later deadline is asked for already; decide on it first."),
        "already-decided": _l("That is decided already."),
        "no-tie": _l("No bids of lot %(lot)s share a rank; there is nothing to draw."),
        "draw-incomplete": _l("Put all %(count)s companies in order, each once."),
        "witness-is-recorder": _l("The witness has to be somebody else."),
        "not-under-evaluation": _l("Round %(code)s is not under evaluation."),
        "tie-open": _l("Lot %(lot)s %(variety)s: a tie across the last place waits for a draw."),
        "not-announced": _l("Round %(code)s is not in its publicity period."),
        "already-drafted": _l("The regions of lot %(lot)s are drafted already."),
        "every-region-once": _l("Put every region in order, each once."),
        "no-draft-in-rules": _l("The rules of round %(code)s have no region draft."),
        "draft-needs-draw": _l("Lot %(lot)s %(variety)s: winners share a rank; record a draw for the order of choice."),
        "regions-not-drafted": _l("Lot %(lot)s: the regions are not drafted yet."),
        "award-without-price": _l("Lot %(lot)s: the winning price of %(company)s is not known yet."),
        "base-not-conserved": _l("The volumes do not add up: base %(own)s, divided %(divided)s."),
        "volume-not-conserved": _l("The volumes do not add up: own %(own)s, divided %(divided)s."),
        "bad-rule-set": _l("The rule set can't be used: %(problems)s"),
        "round-published": _l("Round %(round)s %(title)s is published: bids can be prepared."),
        "round-voided": _l("Round %(round)s %(title)s was voided; the reason stands on its notice page."),
        "round-announced": _l("Round %(round)s %(title)s: the proposed winners are public."),
        "round-awarded": _l("Round %(round)s %(title)s: you are among the winners of the final award."),
        "deadline-lengthened": _l(
            "Round %(round)s %(title)s: bids are received until %(deadline)s. Reason: %(reason)s"
        ),
        "question-answered": _l("Your question about round %(round)s %(title)s is answered."),
    }
)
