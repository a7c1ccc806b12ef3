"""A code explained, as a call."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from catalogue.codes.queries import meanings
from catalogue.codes.rules.kinds import CodeKind
from catalogue.codes.rules.reading import examine
from catalogue.codes.schemas import as_json
from kernel.calls import Call
from kernel.i18n import label
from kernel.problems import sentence


class CodeQuery(Schema):
    """Which kind it is read as; by default the kind it looks like."""

    kind = fields.Enum(CodeKind, by_value=True, load_default=None)


class PartOut(Schema):
    """Some characters of a code: 1-based, `end` included."""

    name = fields.Str()
    label = fields.Str()
    start = fields.Int()
    end = fields.Int()
    value = fields.Str()
    meaning = fields.Str(allow_none=True)
    catalogue = fields.List(fields.Str())


class CodeOut(Schema):
    """What was read and everything that is wrong; a wrong code is an answer too, with `valid` false."""

    text = fields.Str(required=True)
    kind = fields.Str(allow_none=True)
    label = fields.Str(allow_none=True)
    valid = fields.Bool(required=True)
    length = fields.Int()
    wanted_length = fields.Int(allow_none=True)
    standing = fields.Str(allow_none=True)
    notes = fields.List(fields.Str())
    also = fields.List(fields.Str())
    issues = fields.List(fields.Dict())
    corrected = fields.Str(allow_none=True)
    parts = fields.List(fields.Nested(PartOut))
    records = fields.List(fields.Str())
    check = fields.Dict(allow_none=True)


def explain(call: Call, code: str) -> dict[str, Any]:
    """Explain a code part by part and name every wrong character."""
    parsed = examine(code, kind=call.query["kind"])
    out = as_json(parsed, meanings(call.session, parsed=parsed, actor=call.actor))
    out["label"] = label(parsed.kind) if parsed.kind else None
    for shown, part in zip(out["parts"], parsed.parts, strict=True):
        shown |= {"label": label(part.name), "meaning": label(part.meaning) if part.meaning else None}
    for shown, issue in zip(out["issues"], parsed.issues, strict=True):
        shown["detail"] = sentence(issue)
    return out
