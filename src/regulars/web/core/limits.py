"""How often somebody may do a thing: counted in the cache, for a window that begins with the first time."""

from __future__ import annotations

import time
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache

from regulars.web.core.request import Request


def within(key: str, most: int, window: timedelta) -> bool:
    """Count one more and return whether that is still within `most` in the window; two at a time may count as one."""
    now, name = time.time(), f"limit:{key}"
    n, until = cache.get(name) or (0, now + window.total_seconds())
    cache.set(name, (n + 1, until), max(1, until - now))
    return bool(n < most)


def visitor(request: Request) -> str:
    """Return the visitor's address: what the outermost of our proxies saw, where some stand in front."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(passed) >= proxies:
        return passed[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))
