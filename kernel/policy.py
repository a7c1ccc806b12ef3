"""Dated policy numbers from TOML: every value carries its source and its standing, unknown ones refuse to compute.

A file holds `[parameter.name]` tables with `value`, `source` and `standing`:
F found in a public source, H/M/L recalled with high, medium or low confidence, ? not known.
L and ? may be unset (`value = "?"`); whoever asks for an unset value gets `UnsetParameter`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from kernel.errors import DomainError, UnsetParameter

UNSET = "?"
STANDINGS = ("F", "H", "M", "L", "?")


class BadPolicy(DomainError):
    """A policy file is not well formed; `facts` name the place."""

    code = "bad-policy"


class NoSuchRuleSet(DomainError):
    """No built-in rule set has the id, and no file the name."""

    code = "no-such-rule-set"


@dataclass(frozen=True, slots=True)
class RuleSets:
    """The built-in rule sets of a folder; beside them a .toml file of one's own can be named."""

    folder: Path

    def ids(self) -> tuple[str, ...]:
        """List the built-in ones."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.toml")))

    def text(self, name: str) -> tuple[str, str]:
        """Return the name of a rule set's file and what stands in it; raises NoSuchRuleSet, BadPolicy."""
        path = self.folder / f"{name}.toml" if name in self.ids() else Path(name)
        if path.suffix != ".toml" or not path.is_file():
            raise NoSuchRuleSet(rule_set=name, known=", ".join(self.ids()))
        try:
            return path.name, path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise BadPolicy(
                file=path.name, parameter="file", reason=f"can't be read as UTF-8 text ({error})"
            ) from error


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value with where it comes from."""

    name: str
    value: Any
    source: str
    standing: str

    @property
    def is_set(self) -> bool:
        """Say whether somebody filled the value in."""
        return bool(self.value != UNSET)


class Parameters(Mapping[str, Parameter]):
    """Parameters by dotted name; `get_value` refuses unset ones by name."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self._parameters = dict(parameters)

    def __getitem__(self, name: str) -> Parameter:
        return self._parameters[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parameters)

    def __len__(self) -> int:
        return len(self._parameters)

    def value(self, name: str, default: Any = None) -> Any:
        """Return the value, `default` where the set does not have the parameter, or raise `UnsetParameter`."""
        parameter = self._parameters.get(name)
        if parameter is None:
            return default
        if not parameter.is_set:
            raise UnsetParameter(name)
        return parameter.value

    def unset(self) -> tuple[str, ...]:
        """Name the parameters nobody has filled in."""
        return tuple(name for name, parameter in self._parameters.items() if not parameter.is_set)

    def filled(self, values: Mapping[str, Any], source: str) -> Parameters:
        """Return a copy in which `values` replace the parameters of those names, with the given source."""
        changed = {name: Parameter(name, value, source, "F") for name, value in values.items()}
        return Parameters({**self._parameters, **changed})


def parse(text: str, *, where: str = "") -> dict[str, Any]:
    """Read TOML with exact decimals."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except RecursionError as error:
        raise BadPolicy(file=where, parameter="file", reason="lists or tables are nested too deeply") from error
    except (ValueError, ArithmeticError) as error:  # not TOML, or a number that no computation holds
        raise BadPolicy(file=where, parameter="file", reason=str(error)) from error


def parameters(tables: Mapping[str, Any], *, where: str = "", prefix: str = "") -> Parameters:
    """Collect `{name: {value, source, standing}}`, nested tables giving dotted names."""
    found: dict[str, Parameter] = {}
    for key, table in tables.items():
        name = f"{prefix}{key}"
        if not isinstance(table, dict):
            raise BadPolicy(file=where, parameter=name, reason="not a table")
        if "value" in table:
            found[name] = _parameter(name, table, where)
        else:
            found |= dict(parameters(table, where=where, prefix=f"{name}."))
    return Parameters(found)


def _parameter(name: str, table: Mapping[str, Any], where: str) -> Parameter:
    source, standing = table.get("source", ""), table.get("standing", "")
    if not source or standing not in STANDINGS:
        raise BadPolicy(file=where, parameter=name, reason="no source or standing")
    if table["value"] == UNSET and standing not in ("L", "?"):
        raise BadPolicy(file=where, parameter=name, reason="only L and ? may be unset")
    return Parameter(name, table["value"], source, standing)


@cache
def load(path: Path) -> Parameters:
    """Read the `[parameter]` part of a policy file, once per process."""
    return parameters(parse(path.read_text("utf-8"), where=path.name).get("parameter", {}), where=path.name)


def levels(region_code: str) -> tuple[str, ...]:
    """Return the codes of a region's province, of its city and its own, the widest first.

    >>> levels("320102"), levels("320000")
    (('320000', '320100', '320102'), ('320000',))
    """
    return tuple(dict.fromkeys((f"{region_code[:2]}0000", f"{region_code[:4]}00", region_code)))


def covers(office: str, region_code: str) -> bool:
    """Say whether an office's region holds another; an office without a region works for all of them.

    >>> covers("980000", "980102"), covers("980100", "980200"), covers("980100", "980102"), covers("", "980100")
    (True, False, True, True)
    """
    return not office or office in levels(region_code)


def nationwide(office: str) -> bool:
    """Say whether an office may change what holds in the whole nation: one of a province, or of no region.

    >>> nationwide(""), nationwide("980000"), nationwide("980100")
    (True, True, False)
    """
    return not office or office.endswith("0000")


@cache
def regional(path: Path, region_code: str, year: int = 0) -> Parameters:
    """Return the parameters in force in a region: its own before its city's, its province's, and the sample.

    `[year.NNNN]` tables of the file hold until the next year that has one, `[region.CODE]` tables go before them.
    """
    tables = parse(path.read_text("utf-8"), where=path.name)
    years: dict[str, Any] = tables.get("year", {})
    regions: dict[str, Any] = tables.get("region", {})
    layers = [tables["parameter"], *(years[key] for key in sorted(years) if int(key) <= year)]
    layers += [regions[code] for code in levels(region_code) if code in regions]
    return Parameters({name: one for layer in layers for name, one in parameters(layer, where=path.name).items()})
