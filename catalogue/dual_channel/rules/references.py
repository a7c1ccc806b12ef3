"""How a patient is known: a keyed digest of the hospital's own number, never anything that names a person.

Source: 个人信息保护法, articles 6, 28 and 51 (least data, sensitive data, de-identification).
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from kernel.errors import DomainError

_PURPOSE = b"jicai: patients in dual channel, 1"
_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)}
_GAP = re.compile(r"[\s\-_.]+")
_IDENTITY = re.compile(r"[1-9]\d{16}[\dX]|[1-9]\d{14}")
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
SHOWN = 8


def reference_key(secret: str) -> bytes:
    """Return the key of patients' references; it is derived from the installation's secret and kept nowhere."""
    return hmac.new(secret.encode(), _PURPOSE, sha256).digest()


def patient_reference(key: bytes, *, hospital_id: int, number: str) -> str:
    """Return the reference of a hospital's patient: a number gives the same one, without the key nobody can tell.

    >>> first, again = (patient_reference(b"k", hospital_id=1, number=text) for text in ("A-100", "ａ１００"))
    >>> first == again, first == patient_reference(b"k", hospital_id=2, number="A100"), len(first)
    (True, False, 64)
    """
    return hmac.new(key, f"{hospital_id}:{plain(number)}".encode(), sha256).hexdigest()


def plain(number: str) -> str:
    """Return a number as it is compared."""
    return _GAP.sub("", number.translate(_WIDE)).upper()


def must_not_name(number: str) -> str:
    """Refuse what is an identity number, a telephone number or a name: the platform must never receive them."""
    text = plain(number)
    if not text:
        raise DomainError("dual-patient-missing")
    if _IDENTITY.fullmatch(text) or _MOBILE.fullmatch(text.lstrip("+")) or _CHINESE.search(text):
        raise DomainError("dual-patient-named")
    if len(text) > 40:
        raise DomainError("dual-patient-too-long")
    return text
