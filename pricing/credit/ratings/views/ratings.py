"""Pages of ratings: the list, a case with what the benchmarks say, a rating with all of its steps, the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from kernel.auth.actor import Actor
from kernel.auth.permissions import P
from kernel.calls import Call
from kernel.clock import today
from kernel.errors import DomainError, NotFound
from kernel.files import queries as files
from kernel.forms import mistakes
from kernel.i18n import _, label
from kernel.identity import record_id
from kernel.panels import panels
from kernel.parties import regions
from kernel.periods import month_of, read_day
from kernel.web import paginate, render
from pricing.credit import queries as facts
from pricing.credit.flow import Matter
from pricing.credit.models import CreditCase
from pricing.credit.ratings.flow import (
    OPEN,
    RATING_FLOW,
    CorrectionAction,
    CorrectionState,
    Level,
    RatingAction,
    RatingState,
    Route,
)
from pricing.credit.ratings.labels import CORRECTIONS, STEPS
from pricing.credit.ratings.models import CreditRating
from pricing.credit.ratings.queries import ratings as queries
from pricing.credit.ratings.queries import waiting
from pricing.credit.ratings.rules import (
    NUMBERS,
    RULE_SETS,
    Grade,
    benchmark,
    benchmark_on,
    corrections_of,
    evidence_counts,
    finding_of,
    grade,
    options,
    policy,
    takes,
    version_for,
)  # fmt: skip

QUARTERS = 8


def index(call: Call) -> str:
    """List ratings, those that wait first."""
    found = paginate(call.session, waiting.listed(call.session, call.actor, call.args, call.at))
    states = [(waiting.WAITS, _("waits for me")), *((one.value, label(one)) for one in RatingState)]
    return render(
        "pricing/credit_ratings.html", list=found, stage_of=lambda one: queries.stage_of(one, call.at), states=states,
        matters=[(one.value, label(one)) for one in Matter],
    )  # fmt: skip


def case(call: Call, case_id: int) -> str:
    """Show a case with its facts, what they come to, what each version says, and the form of a proposal."""
    found = facts.case(call.session, case_id)
    grades, version = _grades(found), _version(call, found)
    chosen = [record_id(one) for one in call.form.getlist("products")]
    return render(
        "pricing/credit_case.html", case=found, whole=facts.sum_of(found.facts), grades=grades,
        rated=queries.of_case(call.session, case_id), errors=mistakes(call.error), values=call.form,
        versions=[one for one, _graded in grades], version=version, level_names=dict(_named_levels()),
        step_names=STEPS, L=Level, now=benchmark_on(today(call.at)), provinces=_provinces(call),
        levels=[(one.value, label(one)) for one in _open(version, dict(grades)[version])], numbers=NUMBERS,
        chosen=_named(call.session, [one for one in chosen if one]),
        panels=panels(call.session, "pricing.credit_case", found, actor=call.actor, at=call.at),
    )  # fmt: skip


def _version(call: Call, found: CreditCase) -> str:
    """Return the version that a rating is proposed by: the one asked for, else the one that holds for the case."""
    asked = call.form.get("benchmark") or call.args.get("benchmark") or ""
    sources = [one.source for one in found.facts]
    own = version_for(facts.sum_of(found.facts).effective_on, sources, today(call.at))
    return asked if asked in RULE_SETS.ids() else own


def _open(version: str, graded: Grade | DomainError) -> tuple[Level, ...]:
    """Return the levels of a version that an officer may hold."""
    if isinstance(graded, Grade):
        return options(graded.level, graded.options, version)
    return options("", (), version)


def _named_levels() -> list[tuple[str, str]]:
    return [(one.value, label(one)) for one in Level]


def _named(session: Session, ids: Sequence[int]) -> list[tuple[int, str]]:
    return [(one.id, f"{one.registered_name} {one.approval_number}") for one in queries.products(session, ids)]


def _provinces(call: Call) -> list[tuple[str, str]]:
    """Return the provinces that the reader's office rates in."""
    known = sorted(regions.by_code(call.session).items())
    return [(code, one.name) for code, one in known if one.parent_code is None and queries.governs(call.actor, code)]


def _grades(found: CreditCase) -> list[tuple[str, Grade | DomainError]]:
    """Return what each version says of a case, or why it can say nothing."""
    out: list[tuple[str, Grade | DomainError]] = []
    for version in reversed(RULE_SETS.ids()):
        evidence = [one for one in found.facts if evidence_counts(version, one.source)]
        try:
            if not evidence:
                raise DomainError("credit-no-evidence", version=version)
            out.append((version, grade(version, finding_of(found.matter, facts.sum_of(evidence)))))
        except DomainError as error:
            out.append((version, error))
    return out


def show(call: Call, rating_id: int, sent: int = 0) -> str:
    """Show a rating with its steps and what the reader can do; `sent` is the correction whose form was refused."""
    found = queries.one(call.session, rating_id, call.actor)
    own = found.company_id == call.actor.organisation_id
    rates = call.actor.may(P.CREDIT_RATE) and queries.governs(call.actor, found.region_code)
    return render(
        "pricing/credit_rating.html", found=found, stage=queries.stage_of(found, call.at), own=own, rates=rates,
        me=call.actor.user_id, errors=mistakes(call.error), values=call.form, A=RatingAction,
        actions=RATING_FLOW.actions(found.state), inside=call.actor.runs_platform, days=_days(found),
        today=today(call.at), numbers=NUMBERS,
        levels=[(one.value, label(one)) for one in _levels(found)],
        chooses=corrections_of(found.benchmark, found.matter, Level(benchmark(found.benchmark)["levels"][1])) is None,
        suggester=found.suggested_by_id == call.actor.user_id, **_papers(call, found),
        step_names=STEPS, L=Level, measures=CORRECTIONS, routes=[(one.value, label(one)) for one in Route],
        takes=takes, CS=CorrectionState, CA=CorrectionAction, sent=sent, alone=_alone(call, found),
        shared=len({one.reviewed_by_id for one in found.corrections if one.reviewed_by_id}) > 1,
        panels=panels(call.session, "pricing.credit_rating", found, actor=call.actor, at=call.at),
    )  # fmt: skip


def show_again(call: Call, rating_id: int, number: int) -> str:
    """Show the rating again where the form of one correction was refused; the others' stay empty."""
    return show(call, rating_id, number)


def _alone(call: Call, found: CreditRating) -> str:
    """Return the corrections that keep the reader from clearing."""
    return "".join(NUMBERS[number - 1] for number in queries.seen_alone(found, call.actor))


def _levels(found: CreditRating) -> list[Level]:
    held = options(found.grade["level"], found.grade["options"], found.benchmark)
    return list(dict.fromkeys((Level.NONE, *held)))


def _days(found: CreditRating) -> dict[str, Any]:
    """Return the days of a province's notice and defence, as far as they are known."""
    own = policy(found.region_code)
    return {name: own[f"{name}.days"].value if own[f"{name}.days"].is_set else "" for name in ("notice", "defence")}


def _papers(call: Call, found: CreditRating) -> dict[str, Any]:
    return {
        "defence_files": files.of_parent(call.session, queries.DEFENCE, found.id),
        "evidence": files.of_parents(call.session, queries.EVIDENCE, [one.id for one in found.corrections]),
    }


def register(call: Call) -> str:
    """Show the public the ratings of a day, today's where none is named, and the days of past quarters."""
    on, now = day_of(call.args.get("on", ""), today(call.at)), today(call.at)
    query = queries.register(on, text=call.args.get("q", "").strip()[:80], level=level_of(call.args.get("level", "")))
    return render(
        "pricing/credit_register.html", list=paginate(call.session, query), on=on, today=now, numbers=NUMBERS,
        quarters=quarters(now), levels=[(one.value, label(one)) for one in Level if one is not Level.NONE],
        L=Level, M=Matter,
    )  # fmt: skip


def day_of(written: str, now: date) -> date:
    """Read the day of a list: none to come."""
    return min(read_day(written) or now, now)


def level_of(written: str) -> Level | None:
    """Read a level; None for all."""
    return Level(written) if written in set(Level) else None


def quarters(now: date) -> list[date]:
    """Return the last days of past quarters, the newest first.

    >>> quarters(date(2026, 11, 20))[:2]
    [datetime.date(2026, 9, 30), datetime.date(2026, 6, 30)]
    """
    first = month_of(now, -((now.month - 1) % 3))
    return [date.fromordinal(month_of(first, -3 * back).toordinal() - 1) for back in range(QUARTERS)]


def subject(session: Session, actor: Actor, identity: str) -> tuple[str, str] | None:
    """Say how a rating is called and where it stands; a company follows its history once it is decided."""
    try:
        found = queries.one(session, record_id(identity) or 0, actor)
    except NotFound:
        return None
    if found.state in OPEN and not actor.runs_platform:
        return None
    return f"{found.number} {found.company.shown_name}", url_for("pricing.credit_rating", rating_id=found.id)
