"""Two languages. English message ids in the code, Chinese in po fragments per area, merged at set-up.

`python -m kernel.i18n` compiles; `labels` gives every code its translatable name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext as _n

LOCALES = ("zh_CN", "en")
FOLDER = Path(__file__).parent / "translations"
_labels: dict[tuple[type[StrEnum], str], Any] = {}  # members of two enums with one value are equal: never key by them


def labels(names: Mapping[Any, Any]) -> None:
    """Give codes their translatable names; called by each area's labels module."""
    _labels.update({(type(code), code.value): text for code, text in names.items()})


def label(code: StrEnum | None) -> str:
    """Return the name of a code in the reader's language; None is a dash."""
    return "—" if code is None else str(_labels[(type(code), code.value)])


def listed(names: Iterable[str]) -> str:
    """Join names as the reader's language does."""
    return str(_(", ")).join(names)


def has_label(code: StrEnum) -> bool:
    """Say whether somebody named the code."""
    return (type(code), code.value) in _labels


def named(kind: str, code: str) -> str:
    """Return the name of a code that is kept with its kind's name; one that nobody named as it is."""
    found = (text for (known, value), text in _labels.items() if value == code and known.__name__ == kind)
    return str(next(found, code))


def fragments(locale: str) -> list[Path]:
    """List the po fragments of a locale."""
    return sorted((FOLDER / locale).glob("*.po"))


def merged(locale: str) -> Catalog:
    """Merge the fragments; a message with two different translations is a mistake."""
    catalogue = Catalog(locale=locale)
    for path in fragments(locale):
        with path.open("rb") as file:
            for message in read_po(file, locale=locale):
                if not message.id:
                    continue
                known = catalogue.get(message.id)
                if known is not None and known.string != message.string:
                    raise ValueError(f"{path.name}: {message.id!r} is translated twice")
                catalogue.add(message.id, message.string, flags=message.flags)
    return catalogue


def compile_all() -> None:
    """Write messages.mo of each locale that has fragments."""
    for locale in LOCALES:
        if fragments(locale):
            # Babel calls zh_CN zh_Hans_CN and looks for it under that name
            target = FOLDER / str(Locale.parse(locale)) / "LC_MESSAGES" / "messages.mo"
            target.parent.mkdir(parents=True, exist_ok=True)
            whole = merged(locale)  # a fragment's mistake leaves no file behind
            with NamedTemporaryFile(dir=target.parent, delete=False) as file:
                write_mo(file, whole)
            Path(file.name).replace(target)  # whole or not at all: others may be reading it


def placeholders(text: str) -> set[str]:
    """Return the named placeholders of a message."""
    return set(re.findall(r"%\((\w+)\)", text))


__all__ = ["_", "_l", "_n", "compile_all", "has_label", "label", "labels", "listed", "named"]

if __name__ == "__main__":
    compile_all()
    sys.stderr.write("translations compiled\n")
