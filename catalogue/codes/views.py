"""A code explained, open to everybody: the code stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from catalogue.codes.labels import STEPS, TERM
from catalogue.codes.queries import Found, meanings
from catalogue.codes.rules.kinds import LAYOUTS, CodeKind, PartName
from catalogue.codes.rules.reading import ParsedCode, examine, readings
from kernel.auth.actor import Actor
from kernel.calls import Call
from kernel.i18n import label
from kernel.problems import shown
from kernel.web import registry, render
from kernel.working import Step

PAGES = {
    "product": ("catalogue.product", "product_id"),
    "company": ("catalogue.organisation", "organisation_id"),
    "hospital": ("catalogue.organisation", "organisation_id"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A character as drawn; a missing one is empty."""

    position: int
    char: str
    wrong: bool


def explained(session: Session, actor: Actor, text: str) -> dict[str, Any]:
    """Return a code part by part for a panel on the page of what carries it (catalogue/code_pieces.html)."""
    parsed = examine(text)
    found = meanings(session, parsed=parsed, actor=actor)
    return {"parsed": parsed, "segments": _parts(session, actor, parsed, found), "layouts": LAYOUTS}


def index(call: Call) -> str:
    """Explain the code that was typed, or show what codes there are."""
    typed, chosen = call.args.get("code", ""), call.args.get("kind", "")
    kind = CodeKind(chosen) if chosen in set(CodeKind) else None
    parsed = examine(typed, kind=kind) if typed.strip() else None
    found = meanings(call.session, parsed=parsed, actor=call.actor) if parsed else {}
    return render(
        "catalogue/codes.html", typed=typed[:200], kind=kind, parsed=parsed,
        kinds=[(each.value, label(each)) for each in CodeKind], layouts=LAYOUTS, TERM=TERM,
        segments=_parts(call.session, call.actor, parsed, found) if parsed else [],
        steps=_steps(parsed) if parsed else [],
        also=[each for each in readings(parsed.text) if each is not parsed.kind] if parsed and parsed.valid else [],
        records=_linked(call.session, call.actor, found.get(PartName.WHOLE, [])),
    )  # fmt: skip


def _parts(
    session: Session, actor: Actor, parsed: ParsedCode, found: dict[PartName, list[Found]]
) -> list[dict[str, object]]:
    wrong = set(parsed.wrong_positions)
    return [
        {
            "part": part,
            "cells": [
                Cell(place, part.value[place - part.start : place - part.start + 1], place in wrong)
                for place in range(part.start, part.end + 1)
            ],
            "found": _linked(session, actor, found.get(part.name, [])),
        }
        for part in parsed.parts
    ]


def _linked(session: Session, actor: Actor, records: list[Found]) -> list[tuple[Found, str]]:
    return [(record, _address(session, actor, record)) for record in records]


def _address(session: Session, actor: Actor, record: Found) -> str:
    if record.kind in PAGES:
        endpoint, argument = PAGES[record.kind]
        values: dict[str, Any] = {argument: record.subject_id}
        return url_for(endpoint, **values)
    find = registry.subjects.get(record.kind)
    named = find(session, actor, str(record.subject_id)) if find else None
    return named[1] if named else ""


def _steps(parsed: ParsedCode) -> list[tuple[str, str, str]]:
    steps = [step for step in parsed.check.steps if step.code != TERM] if parsed.check else []
    return [(str(STEPS[step.code]), _arithmetic(step), _result(step)) for step in steps]


def _arithmetic(step: Step) -> str:
    facts = {name: shown(value) for name, value in step.facts}
    if step.code == "code-check.remainder":
        return f"{facts['total']} mod {facts['base']}"
    if step.code == "code-check.complement":
        return f"({facts['base']} − {facts['remainder']}) mod {facts['base']}"
    return step.source if step.code == "code-check.sum" else ""


def _result(step: Step) -> str:
    return str(dict(step.facts)["expected"]) if step.value is None else shown(step.value)
