"""How an entry is headed, and what stands below."""

from __future__ import annotations

from django.utils.translation import gettext as _

from regulars.web.journal.models import Entry


def title_of(entry: Entry) -> str:
    """Return the kind, with the summary where it is not just the cut beginning of a long line."""
    kind = str(entry.get_kind_display())
    if not entry.summary or _is_cut(entry):
        return kind
    return _("%(kind)s: %(summary)s") % {"kind": kind, "summary": entry.summary}


def text_of(entry: Entry) -> str:
    """Return what stands below the title: the text without the line that the title shows already."""
    first, _, rest = entry.event.partition("\n")
    return rest.strip() if first.strip() == entry.summary else entry.event


def _is_cut(entry: Entry) -> bool:
    return entry.summary.endswith("…") and entry.event.startswith(entry.summary[:-1])
