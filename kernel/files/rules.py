"""Which attachments are taken: what they are is read from their first bytes, not from their names."""

from __future__ import annotations

from pathlib import PurePath

from kernel.errors import Issue

LARGEST = 20 * 1024 * 1024
LONGEST_NAME = 120
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS: dict[str, tuple[bytes, str]] = {
    ".pdf": (b"%PDF-", "application/pdf"),
    ".png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    ".jpg": (b"\xff\xd8\xff", "image/jpeg"),
    ".jpeg": (b"\xff\xd8\xff", "image/jpeg"),
    ".ofd": (_ZIP, "application/ofd"),
    ".docx": (_ZIP, _WORD),
    ".xlsx": (_ZIP, _SHEET),
    ".doc": (_OLE, "application/msword"),
    ".xls": (_OLE, "application/vnd.ms-excel"),
}


def suffix(name: str) -> str:
    """Return a file name's ending in small letters.

    >>> suffix("证书.PDF")
    '.pdf'
    """
    return PurePath(name.replace("\\", "/")).suffix.lower()


def plain_name(name: str) -> str:
    """Return a file's own name without folders and control characters, its ending kept.

    >>> plain_name("C:\\\\files\\\\a\\nb.pdf"), plain_name("x" * 200 + ".pdf")[-6:]
    ('ab.pdf', 'xx.pdf')
    """
    last = "".join(each for each in name.replace("\\", "/").rsplit("/", 1)[-1] if each.isprintable()).strip()
    ending = suffix(last)
    return last.removesuffix(ending)[: LONGEST_NAME - len(ending)] + ending if len(last) > LONGEST_NAME else last


def fault(name: str, content: bytes) -> Issue | None:
    """Say why an attachment can't be taken: no file, empty, too large, of no known kind, or not what its name says."""
    if not plain_name(name):
        return Issue("file-missing")
    if not content:
        return Issue("file-empty", value=plain_name(name))
    if len(content) > LARGEST:
        return Issue("file-too-large", value=plain_name(name), facts={"most": LARGEST // 1024 // 1024})
    ending = suffix(name)
    if ending not in KINDS:
        return Issue("file-kind-unknown", value=plain_name(name), facts={"kinds": ", ".join(sorted(KINDS))})
    if not content.startswith(KINDS[ending][0]):
        return Issue("file-not-what-it-says", value=plain_name(name), facts={"kind": ending})
    return None


def media_type(name: str) -> str:
    """Return what a browser is told an attachment is."""
    return KINDS[suffix(name)][1]
