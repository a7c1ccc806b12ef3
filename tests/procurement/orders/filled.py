"""The forms of a page as a browser would send them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

KEY = "_key"


@dataclass
class Form:
    """Where a form goes, and what stands in it; of a choice the first one is taken."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def pattern(self) -> tuple[str, frozenset[str]]:
        """Name forms of a kind alike: without the numbers of records."""
        return re.sub(r"\d+", "#", self.action), frozenset(re.sub(r"\d+", "#", name) for name in self.fields)


class _Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.found, self.select, self.area = here, list[Form](), "", ""
        self.others = list[tuple[str, Form]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {key: value or "" for key, value in attrs}
        if tag == "form" and own.get("method", "").lower() == "post":
            self.found.append(Form(own.get("action") or self.here))
        name = own.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option":
            self._set(self.select, own.get("value", ""), keep=True)
        elif tag == "textarea":
            self.area = name
            self._set(name, "")
        elif tag == "button" and own.get("formaction") and self.found:
            self.others.append((own["formaction"], self.found[-1]))
        elif tag in ("input", "button"):
            self._set(name, own.get("value", "on"), keep=own.get("type") in ("radio", "submit"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self._set(self.area, data)

    def _set(self, name: str, value: str, *, keep: bool = False) -> None:
        if name and self.found and not (keep and self.found[-1].fields.get(name)):
            self.found[-1].fields[name] = value


def forms(here: str, page: str) -> Iterator[Form]:
    """Return the forms of a page that post to the application, but those of the shell around it."""
    reader = _Reader(here)
    reader.feed(page)
    found = [*reader.found, *(Form(action, form.fields) for action, form in reader.others)]
    yield from (one for one in found if one.action.startswith(("/procurement/", "/pricing/")))
