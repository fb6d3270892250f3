"""Writing into the log. Entries are added and settled, for a day edited by their author, afterwards corrected."""

from regulars.web.journal.actions.editing import EDITABLE_FOR, correct, edit, may_edit
from regulars.web.journal.actions.recording import record
from regulars.web.journal.actions.settling import pin, reopen, resolve, unpin

__all__ = ["EDITABLE_FOR", "correct", "edit", "may_edit", "pin", "record", "reopen", "resolve", "unpin"]
