"""What commands share that need no database, settings or web: how they read, answer and refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from kernel import flat
from kernel.errors import DomainError, FileRefused, Unreadable, UnsetParameter
from kernel.policy import BadPolicy, NoSuchRuleSet
from kernel.sheets_read import read_plain_rows
from kernel.working import plain

T = TypeVar("T")
BAD_INPUT, UNSET = 2, 3
"""Exit codes: what was given is wrong; a parameter of the rules is not filled in."""


@dataclass(frozen=True, slots=True)
class Console:
    """A command by the name that its refusals begin with; without one they begin with the place."""

    name: str = ""

    def warn(self, text: str) -> None:
        """Say something beside the answer."""
        click.echo(f"{self.name}: {text}" if self.name else text, err=True)

    def stop(self, *lines: str, code: int = BAD_INPUT) -> NoReturn:
        """Say all that is wrong and leave."""
        for line in lines:
            self.warn(line)
        raise click.exceptions.Exit(code)

    def answer(self, found: object, *, out: Path | None = None, indent: int = 1) -> None:
        """Print an answer as JSON, or write it to a file."""
        text = json.dumps(found, ensure_ascii=False, indent=indent)
        if out is None:
            click.echo(text)
            return
        try:
            out.write_text(text + "\n", "utf-8")
        except OSError as error:
            self.stop(f"{out.name}: can't be written ({error.strerror})")

    def table(self, path: Path, columns: Sequence[flat.Column], *, key: Sequence[str]) -> list[flat.Row]:
        """Read a flat table, or stop with all its mistakes."""
        with self.file(path):
            return flat.read(read_plain_rows(path), columns, key=key)

    @contextmanager
    def file(self, path: Path, reasons: Mapping[str, str] = flat.REASONS) -> Iterator[None]:
        """Stop with all mistakes of a file, put into words by their codes."""
        try:
            yield
        except FileRefused as error:
            self.stop(*(flat.told(issue, path.name, reasons) for issue in error.issues))

    def rules(self, load: Callable[[str], T], name: str) -> T:
        """Load the rule set that was named, or stop."""
        try:
            return load(name)
        except NoSuchRuleSet as error:
            self.stop(f"{name}: no such rule set or .toml file; built in: {error.facts['known']}")
        except BadPolicy as error:
            self.stop(f"{error.facts['file']}: {error.facts['parameter']}: {error.facts['reason']}")
        except UnsetParameter as error:
            self.stop(f"rule set {name}: the parameter {error.parameter} is unset", code=UNSET)

    @contextmanager
    def question(self, reasons: Mapping[str, str]) -> Iterator[None]:
        """Put the refusals of a question asked by options into words, those of its fields all at once."""
        try:
            yield
        except Unreadable as error:
            self.stop(*(f"{option(name)}: {_said(each, reasons)}" for name, each in error.fields))
        except UnsetParameter as error:
            self.stop(f"the parameter {error.parameter} is unset", code=UNSET)
        except DomainError as error:
            self.stop(_said(error, reasons))


def option(field: str) -> str:
    """Name the option of a field.

    >>> option("from_content")
    '--from-content'
    """
    return f"--{field.replace('_', '-')}"


def _said(refusal: DomainError, reasons: Mapping[str, str]) -> str:
    facts: dict[str, Any] = {name: plain(value) for name, value in refusal.facts.items()}
    if "fields" in facts:
        facts["fields"] = " and ".join(option(name) for name in facts["fields"])
    return reasons.get(refusal.code, refusal.code).format(**facts)
