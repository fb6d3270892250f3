"""What a task can be. A title is one of these, in both languages; what a person adds is plain text beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of task.

    Parameters
    ----------
    title
        What to do, verb first.
    way
        How it is done, and as what it stands in the log: call, visit, message; empty: it has no contact.
    due_days
        Business days from the day it is made.
    once
        Whether a customer has at most one of the kind open.
    """

    key: str
    title: Words
    icon: str
    way: str
    due_days: int
    once: bool = True


VISIT_DROP, AT_RISK, FIRST_ORDER, LAPSE = "visit_drop", "at_risk", "first_order", "lapse"
WIN_BACK, ACQUAINT = "win_back", "acquaint"

_ALL = (
    # made by alerts
    Kind(VISIT_DROP, _("Call: ask why they come less; deliver if they are short of time"), "trending-down", "call", 2),
    Kind(AT_RISK, _("Call: they are late; ask why, agree the next order"), "alert-triangle", "call", 1),
    Kind(FIRST_ORDER, _("Follow up the first order: did all go well?"), "user-plus", "call", 3),
    Kind(LAPSE, _("Call: they have stopped coming; ask why"), "user-question", "call", 5),
    # proposed by the playbook, by the code of its strategy
    Kind("enhance", _("Get in touch first: agree a plan of their own"), "diamond", "visit", 5),
    Kind("keep", _("Call: is all well? Give more than they expect"), "heart-handshake", "call", 5),
    Kind("keep_limited", _("Call: settle payment before the next delivery"), "credit-card", "call", 5),
    Kind("rebuild", _("Offer what fits their need"), "bulb", "call", 5),
    Kind("release", _("Find out why little comes of it, then decide"), "zoom-question", "", 10),
    Kind(WIN_BACK, _("One win-back call: ask why, then let go"), "arrow-back-up", "call", 5),
    Kind(ACQUAINT, _("Get to know them: what they need, how they like to be reached"), "address-book", "call", 5),
    # made by people; the text says what it is about
    Kind("call", _("Call"), "phone", "call", 1, once=False),
    Kind("visit", _("Visit"), "map-pin", "visit", 3, once=False),
    Kind("message", _("Write"), "message", "message", 1, once=False),
    Kind("other", _("To do"), "checklist", "", 2, once=False),
)  # fmt: skip

ALERT_TITLES: dict[str, Words] = {
    VISIT_DROP: _("Visit class fell"),
    AT_RISK: _("Value at risk: unusually late"),
    FIRST_ORDER: _("First order"),
    LAPSE: _("Came last month, not this month"),
}
"""What an alert is called; its task has the same key."""

KINDS: dict[str, Kind] = {kind.key: kind for kind in _ALL}
BY_HAND = ("call", "visit", "message", "other")
FOR_LISTS = ("call", "visit", "message", "other", FIRST_ORDER, AT_RISK, LAPSE, "keep", "rebuild", WIN_BACK)


def kind_of(key: str) -> Kind:
    """Return a kind; a key that this version does not know is something to do."""
    return KINDS.get(key, KINDS["other"])
