"""What the call about published ratings asks and answers."""

from __future__ import annotations

from marshmallow import Schema, fields

from pricing.credit.ratings.flow import Level


class RegisterQuery(Schema):
    """The list of a day, today's where none is named; a past day's list never changes."""

    on = fields.Date(load_default=None)
    level = fields.Enum(Level, by_value=True, load_default=None)


class PublishedOut(Schema):
    """A rating as it was published. `corrections` are the numbers 1 to 6; `lapses_on` is exclusive."""

    number = fields.Str(required=True)
    company = fields.Str()
    code = fields.Str()
    matter = fields.Str()
    case = fields.Str()
    benchmark = fields.Str()
    level = fields.Str()
    region_code = fields.Str()
    region = fields.Str()
    ground = fields.Str()
    document = fields.Str()
    published_on = fields.Str()
    starts_on = fields.Str()
    lapses_on = fields.Str()
    measures = fields.List(fields.Str())
    products = fields.List(fields.List(fields.Str()))
    corrections = fields.List(fields.Int())
