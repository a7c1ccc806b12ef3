"""What forms of new items carry in, and what the open list answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from marshmallow import Schema, fields
from werkzeug.datastructures import FileStorage, MultiDict

from kernel.clock import read_beijing
from kernel.errors import Invalid, Issue
from kernel.identity import record_id
from kernel.money import NotANumber, parse_decimal
from kernel.periods import read_day
from pricing.items.applications.flow import ApplicationAction, ApplicationState, Criterion, Ground, ReportKind
from pricing.items.applications.rules import Draft
from pricing.items.applications.services.acts import Attachment
from pricing.items.applications.services.applying import NewRound
from pricing.items.applications.services.reviewing import Proposal
from pricing.items.applications.services.trying import Told

Form = MultiDict[str, str]


def attached(given: MultiDict[str, FileStorage]) -> tuple[Attachment, ...]:
    """Return the files of a form; a field left empty is none."""
    return tuple(
        Attachment(each.filename or "", each.stream.read()) for each in given.getlist("files") if each.filename
    )


def _text(form: Form, name: str) -> str:
    return form.get(name, "").strip()


def number(form: Form, name: str) -> Decimal | None:
    """Read a number; blank is none. Raises Invalid at the field where it is no number."""
    written = _text(form, name)
    try:
        return parse_decimal(written) if written else None
    except NotANumber:
        raise Invalid({name: Issue("new-item-no-number", value=written[:40])}) from None


def whole(form: Form, name: str) -> int | None:
    """Read a whole number, none where it is blank or not one."""
    written = _text(form, name)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None


def instant(form: Form, name: str) -> datetime | None:
    """Read a Beijing wall time, none where it is blank or not one."""
    return read_beijing(_text(form, name))


def draft(form: Form) -> Draft:
    """Read what a hospital says of its item."""
    texts = ("name", "connotation", "unit", "output", "composition", "effect", "excluded", "cost", "category_code",
             "urgency")  # fmt: skip
    return Draft(
        **{name: _text(form, name).replace("\r\n", "\n") for name in texts}, price=number(form, "price"),
        urgent=form.get("urgent") == "1",
    )  # fmt: skip


def new_round(form: Form) -> NewRound:
    """Read a round."""
    return NewRound(
        region_code=_text(form, "region_code"), title=_text(form, "title")[:120], source=_text(form, "source")[:200],
        opens_at=instant(form, "opens_at"), closes_at=instant(form, "closes_at"),
        publicity_workdays=whole(form, "publicity_workdays"), least_experts=whole(form, "least_experts"),
        midterm_months=whole(form, "midterm_months"),
    )  # fmt: skip


def proposal(form: Form) -> Proposal:
    """Read a proposed decision."""
    verdict, ground = _text(form, "verdict"), _text(form, "ground")
    if verdict not in set(ApplicationAction):
        raise Invalid({"verdict": Issue("needed")})
    return Proposal(
        verdict=ApplicationAction(verdict), reason=_text(form, "reason"), code=_text(form, "code"),
        ground=Ground(ground) if ground in set(Ground) else None, extended_to=read_day(_text(form, "extended_to")),
    )  # fmt: skip


def people(form: Form) -> list[int]:
    """Read the ticked experts."""
    return [found for written in form.getlist("experts") if (found := record_id(written)) is not None]


def marks(form: Form) -> dict[Criterion, Decimal | None]:
    """Read an expert's scores."""
    return {criterion: number(form, criterion.value) for criterion in Criterion}


def answer(form: Form, name: str) -> bool | None:
    """Read a yes or no, none where nothing is chosen."""
    return {"yes": True, "no": False}.get(form.get(name, ""))


def told(form: Form, kinds: Iterable[ReportKind]) -> Told:
    """Read what a hospital reports of a trial, of the kinds that may be handed in now."""
    allowed = {kind.value: kind for kind in kinds}
    kind = allowed.get(_text(form, "kind"))
    if kind is None:
        raise Invalid({"kind": Issue("needed")})
    return Told(
        kind, whole(form, "cases"), number(form, "revenue"), whole(form, "adverse"), _text(form, "text")
    )  # fmt: skip


class NewItemOut(Schema):
    """An item in publicity or past it; prices in yuan per unit. `ends_on` is the first day it may not be charged."""

    id = fields.Int(required=True)
    number = fields.Str(required=True)
    name = fields.Str(required=True)
    unit = fields.Str()
    connotation = fields.Str()
    hospital = fields.Str(attribute="hospital.name")
    region_code = fields.Str()
    state = fields.Enum(ApplicationState, by_value=True)
    publicity_until = fields.DateTime(attribute="due_at", allow_none=True)
    price = fields.Decimal(attribute="trial.price", as_string=True, allow_none=True)
    starts_on = fields.Date(attribute="trial.starts_on", allow_none=True)
    ends_on = fields.Date(attribute="trial.ends_on", allow_none=True)
