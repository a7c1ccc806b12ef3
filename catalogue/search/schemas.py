"""What a search asks and what it is answered."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from catalogue.search.rules.tokens import Filters


class SearchQuery(Schema):
    """What was typed, and what hits are narrowed to."""

    q = fields.Str(load_default="")
    kind = fields.List(fields.Str(), load_default=list)
    class_code = fields.Str(load_default="", data_key="class")
    form = fields.Str(load_default="")
    maker = fields.Int(load_default=None, allow_none=True)
    flag = fields.List(fields.Str(), load_default=list, validate=validate.Length(max=5))
    limit = fields.Int(load_default=20, validate=validate.Range(1, 100))
    after = fields.Str(load_default="")


class FoundOut(Schema):
    """One hit; a picker reads value, text and detail."""

    kind = fields.Str()
    value = fields.Int()
    text = fields.Str()
    detail = fields.Str()
    facts = fields.Dict(keys=fields.Str())
    url = fields.Str()


class SearchOut(Schema):
    """Hits, best first, and what to ask with to go on (empty at the end)."""

    items = fields.List(fields.Nested(FoundOut))
    after = fields.Str()


def filters(query: dict[str, object]) -> Filters:
    """Return the filters of a query."""
    return Filters(query["class_code"], query["form"], query["maker"], query["flag"])  # type: ignore[arg-type]  # the schema loaded them
