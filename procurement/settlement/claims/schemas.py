"""What calls about claims and payment runs carry in and out."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from procurement.settlement.flow import ClaimState, RunState

IDS = fields.List(
    fields.Int(validate=validate.Range(min=1, max=2**31 - 1)), required=True, validate=validate.Length(min=1, max=5_000)
)


class ClaimQuery(Schema):
    """Which claims: of a state, on which page of 200."""

    state = fields.Enum(ClaimState, by_value=True, load_default=None)
    page = fields.Int(load_default=1, validate=validate.Range(min=1, max=100_000))


class ClaimIn(Schema):
    """A claim over matched invoices of a hospital; open credit notes are netted."""

    hospital_id = fields.Int(required=True, validate=validate.Range(min=1, max=2**31 - 1))
    invoices = IDS


class ClaimReturnIn(Schema):
    """Why a claim goes back to its company."""

    reason = fields.Str(required=True, validate=validate.Length(min=1, max=200))


class ClaimOut(Schema):
    """A claim: gross, less credited, is the amount. `month` is its first day; reviewed at the latest at `due_at`."""

    id = fields.Int()
    number = fields.Str()
    seller_id = fields.Int()
    hospital_id = fields.Int()
    month = fields.Date()
    state = fields.Enum(ClaimState, by_value=True)
    gross = fields.Decimal(as_string=True)
    credited = fields.Decimal(as_string=True)
    amount = fields.Decimal(as_string=True)
    filed_at = fields.DateTime()
    due_at = fields.DateTime()
    reason = fields.Str()
    run_id = fields.Int(allow_none=True)


class RunIn(Schema):
    """Approved claims to be paid together."""

    claims = IDS


class RunPayIn(Schema):
    """How a run was paid: the bank's reference of the whole, and the day."""

    reference = fields.Str(required=True, validate=validate.Length(min=1, max=60))
    paid_on = fields.Date(required=True)


class RunOut(Schema):
    """A payment run over claims."""

    id = fields.Int()
    number = fields.Str()
    month = fields.Date()
    state = fields.Enum(RunState, by_value=True)
    count = fields.Int()
    amount = fields.Decimal(as_string=True)
    reference = fields.Str(allow_none=True)
    paid_on = fields.Date(allow_none=True)


class FundAccountOut(Schema):
    """What stands between the fund and a hospital, in yuan: sums, and what follows from them."""

    hospital_id = fields.Int()
    due = fields.Decimal(as_string=True)
    direct = fields.Decimal(as_string=True)
    prepaid = fields.Decimal(as_string=True)
    set_off = fields.Decimal(as_string=True)
    balance = fields.Decimal(as_string=True)
    open = fields.Decimal(as_string=True)
