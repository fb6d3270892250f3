"""Writes of the e-mail channel."""

from regulars.web.mail.actions.letters import save_letter, send_test
from regulars.web.mail.actions.outbox import drop_waiting, fill_outbox
from regulars.web.mail.actions.setting_up import save_setting
from regulars.web.mail.actions.steering import decide_doubts, give_up_rest, mark_bounced, pause, resume
from regulars.web.mail.actions.unsubscribing import unsubscribe

__all__ = [
    "decide_doubts",
    "drop_waiting",
    "fill_outbox",
    "give_up_rest",
    "mark_bounced",
    "pause",
    "resume",
    "save_letter",
    "save_setting",
    "send_test",
    "unsubscribe",
]
