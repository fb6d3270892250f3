"""A request that names a key is done once: sent again, it gets the first answer and changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction

from regulars.web.api.models import Reply
from regulars.web.api.refusals import Refused
from regulars.web.core.actor import Actor

Answer = tuple[int, dict[str, Any]]


def once(*, key: str | None, what: str, content: bytes, act: Callable[[], Answer], by: Actor) -> Answer:
    """Do `act` unless this person has sent the same under `key` before; the key and the deed are one transaction.

    Parameters
    ----------
    key
        Chosen by the sender; None: nothing is remembered.
    what, content
        Method, address and body: what the key stood for.

    Raises
    ------
    Refused
        409 when the key stood for another request.
    """
    if key is None:
        with transaction.atomic():
            return act()
    digest = hashlib.sha256(what.encode() + b"\n" + content).hexdigest()
    try:
        with transaction.atomic():
            reply = Reply.objects.create(user_id=by.user_id or 0, key=key, digest=digest)
            status, body = act()
            reply.status, reply.body = status, body
            reply.save(update_fields=["status", "body"])
            return status, body
    except IntegrityError:
        known = Reply.objects.visible_to(by).filter(key=key).first()
        if known is None:
            raise
    if known.digest != digest:
        raise Refused(409, "key_reused", "This Idempotency-Key stood for another request: use a fresh one.")
    return known.status, known.body
