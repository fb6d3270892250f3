"""Links that say which message they came with to nobody but us.

A number is sealed: encrypted and authenticated in one, the nonce being the tag of what it seals (the construction of
RFC 5297, with HMAC-SHA-256 in both places), under a key outside of the database. The same number gives the same token.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.conf import settings

NUMBER, TAG = 8, 16  # bytes
LENGTH = 32  # signs of a token


def seal(number: int) -> str:
    """Return a number as a token of 32 signs."""
    plain = number.to_bytes(NUMBER)
    tag = _mac(b"tag", plain)[:TAG]
    return urlsafe_b64encode(tag + _xor(plain, _mac(b"stream", tag))).decode()


def unseal(token: str) -> int | None:
    """Return the number of a token; None for one that we have not made."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        return None
    if len(raw) != TAG + NUMBER or len(token) != LENGTH:
        return None
    tag, plain = raw[:TAG], _xor(raw[TAG:], _mac(b"stream", raw[:TAG]))
    return int.from_bytes(plain) if hmac.compare_digest(tag, _mac(b"tag", plain)[:TAG]) else None


def _mac(use: bytes, text: bytes) -> bytes:
    return hmac.digest(settings.SUPPRESSION_KEY.encode(), b"mail\x1f" + use + b"\x1f" + text, "sha256")


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
