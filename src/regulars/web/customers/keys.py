"""What names, phones and card numbers are looked up by: the same person typed differently gives the same key."""

from __future__ import annotations

import re
import unicodedata

SHORTEST_NUMBER = 4  # digits; fewer would find everybody
_INTERNATIONAL = re.compile(r"^(?:00)?86(?=1\d{10}$)")  # +86 before a mobile number
_GAPS = re.compile(r"[\s\u3000·・,，.。()（）\-]+")


def name_key(name: str) -> str:
    """Return `name` without case, width, blanks and marks: 悦栖酒店（华东） → 悦栖酒店华东."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", name).casefold())


def digits(text: str) -> str:
    """Return the digits of a phone number as they are dialled in the country: +86 138-0013 8000 → 13800138000."""
    plain = text.isascii() and text.isdigit()
    found = text if plain else "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdigit())
    return _INTERNATIONAL.sub("", found)


def card_key(text: str) -> str:
    """Return a card or identity number without blanks and marks, letters in capitals."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).upper()


def mail_key(text: str) -> str:
    """Return an e-mail address without case and blanks."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def point_key(kind: str, value: str) -> str:
    """Return what a phone, an e-mail or another address is found and compared by."""
    if kind in ("mobile", "phone"):
        return digits(value)
    return mail_key(value) if kind == "email" else name_key(value)[:200]
