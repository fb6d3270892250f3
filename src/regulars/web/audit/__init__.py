"""The trail: who did what to which record, and when. Rows are added, never changed."""

from regulars.web.audit.recording import record, record_each

__all__ = ["record", "record_each"]
