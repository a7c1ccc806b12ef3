"""Devices as the drug authority publishes their identifiers (国家药监局医疗器械唯一标识数据库, 数据下载, XML).

Source: the fields of a device record as in the published files; a DI of the smallest sales unit, the identifiers of
the packages around it, and the certificate. The reader takes no document type, no entity and no deep nesting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.parsers import expat

from kernel.errors import DomainError

DEEPEST, LONGEST_TEXT = 8, 20_000
RECORD, PACKING = "device", "packing"
FIELDS = {
    "zxxsdycpbs": "di", "cpmctymc": "name", "spmc": "trade_name", "ggxh": "model",
    "tyshxydm": "holder_code", "zczbhhzbapzbh": "certificate", "ylqxzcrbarmc": "holder",
    "zczyxqz": "certificate_until", "flbm": "category", "ybbm": "codes", "versionNumber": "version",
    "versionTime": "published",
}  # fmt: skip
LEVELS = {"bzcpbs": "di", "cpbzjb": "level", "bznhxyjcpbssl": "count", "bznhxyjbzcpbs": "holds"}


class UnreadableDevices(DomainError):
    """The file is not a list of devices that may be read; `reason` names what stopped the reading, at `line`."""

    code = "udi-file-unreadable"


@dataclass(frozen=True, slots=True)
class Device:
    """A device as published. `packings` are the packages around it; `codes` the consumable codes it names."""

    di: str
    name: str = ""
    model: str = ""
    certificate: str = ""
    certificate_until: date | None = None
    holder: str = ""
    holder_code: str = ""
    category: str = ""
    version: str = ""
    published: date | None = None
    codes: str = ""
    packings: tuple[dict[str, str], ...] = ()


@dataclass(slots=True)
class _Reader:
    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    length: int = 0
    values: dict[str, str] = field(default_factory=dict)
    packing: dict[str, str] = field(default_factory=dict)
    packings: list[dict[str, str]] = field(default_factory=list)
    done: list[Device] = field(default_factory=list)
    seen: bool = False

    def start(self, name: str, _attributes: Any) -> None:
        if len(self.path) >= DEEPEST:
            raise UnreadableDevices(reason="too-deep", line=0)
        self.path.append(name)
        self.text, self.length = [], 0
        if name == RECORD:
            self.values, self.packings = {}, []
        elif name == PACKING:
            self.packing = {}

    def words(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST_TEXT:
            raise UnreadableDevices(reason="too-long", line=0)
        self.text.append(text)

    def end(self, name: str) -> None:
        self.path.pop()
        text, self.text, self.length = " ".join("".join(self.text).split()), [], 0
        if name == RECORD:
            self.done.append(_device(self.values, self.packings))
        elif name == PACKING:
            if self.packing:
                self.packings.append(self.packing)
        elif PACKING in self.path and name in LEVELS and text:
            self.packing[LEVELS[name]] = text
        elif RECORD in self.path and name in FIELDS and text:
            self.values.setdefault(FIELDS[name], text)
        self.seen = self.seen or name == "devices"


def read(chunks: Iterable[bytes]) -> Iterator[Device]:
    """Yield the devices of a published file, piece by piece. Raises UnreadableDevices.

    >>> text = b"<udid><devices><device><zxxsdycpbs>06972253600013</zxxsdycpbs></device></devices></udid>"
    >>> [device.di for device in read([text])]
    ['06972253600013']
    """
    reader, parser = _Reader(), expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.words
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = _refused
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            yield from _taken(reader)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableDevices(reason="not-xml", line=getattr(error, "lineno", 0)) from None
    yield from _taken(reader)
    if not reader.seen:
        raise UnreadableDevices(reason="no-devices", line=0)


def _refused(*_declared: Any) -> int:
    raise UnreadableDevices(reason="declares-entities", line=0)


def _taken(reader: _Reader) -> list[Device]:
    done, reader.done = reader.done, []
    return done


def _device(values: dict[str, str], packings: list[dict[str, str]]) -> Device:
    return Device(
        di=values.get("di", ""), name=values.get("name", "") or values.get("trade_name", ""),
        model=values.get("model", ""), certificate=values.get("certificate", ""),
        certificate_until=_day(values.get("certificate_until")), holder=values.get("holder", ""),
        holder_code=values.get("holder_code", ""), category=values.get("category", ""),
        version=values.get("version", ""), published=_day(values.get("published")), codes=values.get("codes", ""),
        packings=tuple(packings),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
