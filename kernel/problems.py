"""Refusals as sentences: every code has one, registered by the area that raises it. API answers follow RFC 9457."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask import Response, jsonify

from kernel.clock import beijing
from kernel.errors import DomainError, FileRefused, Issue, Said
from kernel.i18n import _, has_label, label, listed, named

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")
_sentences: dict[str, Any] = {}


def sentences(texts: Mapping[str, Any]) -> None:
    """Register the sentence of each code; `%(name)s` takes the facts."""
    _sentences.update(texts)


def known_codes() -> frozenset[str]:
    """Return the codes that have a sentence."""
    return frozenset(_sentences)


def shown(value: object) -> str:
    """Write a fact for people: codes by label, decimals plain, lists with commas, instants as Beijing has them."""
    if isinstance(value, Said):
        text = str(_sentences.get(value.message, value.message))
        return text % {name: shown(fact) for name, fact in value.facts.items()} if value.facts else text
    if isinstance(value, StrEnum) and has_label(value):
        return str(label(value))
    if isinstance(value, dict) and set(value) == {"kind", "code"}:
        return named(**value)  # a code that came back from JSON
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple | set | frozenset):
        return listed(shown(item) for item in value)
    if isinstance(value, str) and INSTANT.fullmatch(value):
        value = datetime.fromisoformat(value)  # a notice's facts are kept as JSON
    return f"{beijing(value):%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)


def sentence(refusal: DomainError | Issue) -> str:
    """Say a refusal in the reader's language. An Issue's own place is left to the caller."""
    text = _sentences.get(refusal.code)
    if text is None:
        return str(_("The request can't be carried out (%(code)s).", code=refusal.code))
    facts: dict[str, str] = {name: shown(value) for name, value in refusal.facts.items()}
    if isinstance(refusal, Issue):
        where = {"value": refusal.value, "column": refusal.column, "sheet": refusal.sheet, "cell": refusal.cell}
        facts = {**where, "row": shown(refusal.row), **facts}
    return str(text) % _Facts(facts)


class _Facts(dict[str, str]):
    """A sentence that asks for a fact nobody gave is still a sentence."""

    def __missing__(self, name: str) -> str:
        return "—"


def place(issue: Issue) -> str:
    """Say where: sheet, Excel's row number, column. In a flattened workbook the facts hold its own sheet and row."""
    if "sheet" in issue.facts and "row" in issue.facts:
        at = {"sheet": issue.facts["sheet"], "row": issue.facts["row"]}
        return str(_("Sheet “%(sheet)s”, row %(row)s, “%(column)s”", column=issue.column, **at))
    if issue.row is None:
        return str(_("“%(column)s”", column=issue.column)) if issue.column else issue.sheet
    if issue.column:
        return str(_("Row %(row)s, “%(column)s”", row=issue.row, column=issue.column))
    return str(_("Row %(row)s", row=issue.row))


def problem(error: DomainError, status: int) -> Response:
    """Return the problem document of a refusal, with the HTTP status it is answered with."""
    body: dict[str, Any] = {
        "type": f"urn:jicai:problem:{error.code}",
        "title": error.code,
        "status": status,
        "detail": sentence(error),
        "facts": {name: shown(value) for name, value in error.facts.items()},
    }
    if isinstance(error, FileRefused):
        body["errors"] = [
            {"place": place(issue), "value": issue.value, "code": issue.code, "detail": sentence(issue)}
            for issue in error.issues
        ]
    return plain_problem(status, body)


def plain_problem(status: int, body: Mapping[str, Any]) -> Response:
    """Return a problem document with its media type."""
    response = jsonify(dict(body))
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response
