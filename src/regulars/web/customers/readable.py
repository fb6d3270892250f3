"""What is stored about a person, as something that people read: words for names and codes, lists for lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Choices
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.report.columns import title
from regulars.web.audit.words import VERBS
from regulars.web.core.words import current_lang
from regulars.web.customers.models import Card, Consent, Contact, ContactPoint, Customer
from regulars.web.customers.taxonomy import Channel, ConsentState, Kind, PointKind, Purpose

TITLES: dict[str, Any] = {
    "id": gettext_lazy("Number"),
    "created_at": gettext_lazy("Added"),
    "changed_at": gettext_lazy("Changed"),
    "owner_since": gettext_lazy("Owner since"),
    "stage_since": gettext_lazy("Stage since"),
    "archived_at": gettext_lazy("In the archive since"),
    "customer": gettext_lazy("Record"),
    "tags": gettext_lazy("Tags"),
    "numbers_and_addresses": gettext_lazy("Numbers and addresses"),
    "cards": gettext_lazy("Cards"),
    "contacts": gettext_lazy("Contacts"),
    "ids_in_sources": gettext_lazy("Numbers in other systems"),
    "consents": gettext_lazy("Consent"),
    "looked_after_by": gettext_lazy("Owner"),
    "changes": gettext_lazy("Changes of the record"),
    "source": gettext_lazy("Source"),
    "external_id": gettext_lazy("Number"),
    "journal": gettext_lazy("Customer log"),
    "campaigns": gettext_lazy("Campaigns"),
    "campaign": gettext_lazy("Campaign"),
    "mail": gettext_lazy("E-mails"),
    "e_mails": gettext_lazy("E-mails"),
    "subject": gettext_lazy("Subject"),
    "facts": gettext_lazy("Orders"),
    "valuations": gettext_lazy("Value"),
    "segments": gettext_lazy("Segments"),
    "frozen": gettext_lazy("Frozen on"),
    "tasks": gettext_lazy("Tasks"),
    "at": gettext_lazy("When"),
    "verb": gettext_lazy("What"),
    "fields": gettext_lazy("Fields"),
    "lines": gettext_lazy("Lines"),
    "current_value": gettext_lazy("Current value"),
    "expected_purchases_low": gettext_lazy("Expected purchases, low end of the interval"),
    "expected_purchases_high": gettext_lazy("Expected purchases, high end of the interval"),
    "future_value_low": gettext_lazy("Future value, low end of the interval"),
    "future_value_high": gettext_lazy("Future value, high end of the interval"),
    "experiments": gettext_lazy("Control groups"),
    "what": gettext_lazy("What"),
    "group": gettext_lazy("Group"),
    "since": gettext_lazy("Since"),
    "detail": gettext_lazy("In detail"),
    "why": gettext_lazy("Why"),
    "made": gettext_lazy("Made"),
    "due": gettext_lazy("Due"),
    "outcome": gettext_lazy("Outcome"),
    "state": gettext_lazy("State"),
    "owner": gettext_lazy("Owner"),
}
KINDS = {"sale": gettext_lazy("Sale"), "return": gettext_lazy("Return")}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?[+-]\d\d:\d\d$")
LONG_NUMBER = re.compile(r"-?\d+\.\d{5,}")
CODES: dict[str, tuple[type[Choices], ...]] = {
    "kind": (Kind, PointKind),
    "purpose": (Purpose,),
    "channel": (Channel,),
    "state": (ConsentState,),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the answer."""

    title: str
    content: SafeString


def parts(told: Mapping[str, Any]) -> list[Part]:
    """Return everything that was told, part by part, without the empty ones."""
    return [Part(_title(key), _html(key, value)) for key, value in told.items() if key != "made_at" and value]


def _title(key: str) -> str:
    if key in TITLES:
        return str(TITLES[key])
    for model in (Customer, ContactPoint, Contact, Card, Consent):
        names = {one.name: one for one in model._meta.fields}
        if key in names:
            words = str(names[key].verbose_name)
            return words[:1].upper() + words[1:]
    return str(title(key)[current_lang()]).replace("_", " ")


def _html(key: str, value: Any) -> SafeString:
    if isinstance(value, Mapping):
        rows = ((_title(name), _html(name, one)) for name, one in value.items())
        return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd>{}</dd>", rows))
    if isinstance(value, list | tuple):
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_html(key, one),) for one in value)))
    return format_html("{}", _words(key, value))


def _words(key: str, value: Any) -> Any:
    if value is None:
        return _("nothing")
    if isinstance(value, str) and MOMENT.match(value):
        return date_format(localtime(datetime.fromisoformat(value)), "SHORT_DATETIME_FORMAT")
    if isinstance(value, str) and LONG_NUMBER.fullmatch(value):
        return f"{float(value):.4g}"
    return _code(key, value)


def _code(key: str, value: Any) -> Any:
    """Return the words for a code; what is none stays as it is."""
    for choices in CODES.get(key, ()):
        if value in choices.values:
            return choices(value).label
    known: dict[Any, Any] = dict(VERBS if key == "verb" else KINDS if key == "kind" else {})
    if key in {one.name for one in Customer._meta.fields}:
        known |= dict(getattr(Customer._meta.get_field(key), "flatchoices", ()))
    return known.get(value, value) if isinstance(value, str) else value
