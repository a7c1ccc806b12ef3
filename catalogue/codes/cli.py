"""`jicai catalogue explain`: a code part by part, without database, settings or web."""

from __future__ import annotations

import json
from typing import Any

import click

from catalogue.codes.rules.kinds import CodeKind
from catalogue.codes.rules.reading import ParsedCode, examine
from catalogue.codes.schemas import as_json

WRONG, UNKNOWN = 1, 2
_REASONS = {
    "wrong-character": "character {position} is {found!r}, expected: {expected}",
    "lookalike-character": "character {position} is {found!r}, expected: {expected}; perhaps {suggestion!r}",
    "wrong-check-character": "the check character is {found!r}, the others give {expected!r}",
    "rounded-number": "the check character is {found!r}, the others give {expected!r}: "
    "Excel keeps 15 digits of a number; enter the code again as text",
    "code-too-short": "{length} characters, {missing} fewer than the {wanted} of this kind",
    "code-too-long": "{length} characters; what follows character {wanted} is too much",
    "code-of-13-digits": "13 digits are a trade item number; with a 0 in front it is a device identifier",
    "code-of-category": "{length} characters name a category of consumables; a code has {wanted}",
    "shortened-number": "Excel has shortened a long number; enter the code again as text",
    "unknown-code": "none of the kinds of code looks like this",
}


@click.command("explain")
@click.argument("code")
@click.option("--kind", type=click.Choice([kind.value for kind in CodeKind]), help="Read it as this kind.")
def explain(code: str, kind: str | None) -> None:
    """Explain CODE part by part, as JSON; exit 1 where it is wrong, 2 where it looks like no code.

    Every mistake is told on standard error with the character it stands at.
    """
    parsed = examine(code, kind=CodeKind(kind) if kind else None)
    click.echo(json.dumps(as_json(parsed), ensure_ascii=False, indent=1))
    for reason in _reasons(parsed):
        click.echo(f"jicai catalogue explain: {reason}", err=True)
    if not parsed.valid:
        raise click.exceptions.Exit(WRONG if parsed.kind else UNKNOWN)


def _reasons(parsed: ParsedCode) -> list[str]:
    facts: list[dict[str, Any]] = [{name: str(value) for name, value in each.facts.items()} for each in parsed.issues]
    return [_REASONS[issue.code].format(**told) for issue, told in zip(parsed.issues, facts, strict=True)]
