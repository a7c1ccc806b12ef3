"""What a search asks and what it is answered."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate
from werkzeug.datastructures import MultiDict

from catalogue.search.rules.tokens import Filters

MOST_FLAGS = 5


class SearchQuery(Schema):
    """What was typed, and what hits are narrowed to."""

    q = fields.Str(load_default="")
    kind = fields.List(fields.Str(), load_default=list)
    class_code = fields.Str(load_default="", data_key="class")
    form = fields.Str(load_default="")
    maker = fields.Str(load_default="", metadata={"description": "An organisation's id, or a maker's name."})
    state = fields.Str(load_default="", metadata={"description": "on-market, off-market, or a list class."})
    flag = fields.List(fields.Str(), load_default=list, validate=validate.Length(max=MOST_FLAGS))
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


def from_address(args: MultiDict[str, str]) -> dict[str, Any]:
    """Return a query as the search page's address carries it."""
    named = {"class_code": "class", "form": "form", "maker": "maker", "state": "state", "q": "q", "after": "after"}
    return {name: args.get(key, "") for name, key in named.items()} | {
        "kind": args.getlist("kind"), "flag": args.getlist("flag")[:MOST_FLAGS],
    }  # fmt: skip


def filters(query: dict[str, Any]) -> Filters:
    """Return the filters of a query."""
    return Filters(query["class_code"], query["form"], query["maker"], query["flag"], query["state"])
