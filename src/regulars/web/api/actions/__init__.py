"""Writes of the interface's own: tokens, answers by key, batches of orders."""

from regulars.web.api.actions.batches import advance, send_orders
from regulars.web.api.actions.replies import once
from regulars.web.api.actions.tokens import make_token, revoke

__all__ = ["advance", "make_token", "once", "revoke", "send_orders"]
