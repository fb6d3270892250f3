"""What is stored about a person, as something that people read: words for names and codes, lists for lists."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Choices
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.web.customers.models import Card, Consent, Contact, ContactPoint, Customer
from regulars.web.customers.taxonomy import Channel, ConsentState, Kind, PointKind, Purpose

TITLES: dict[str, Any] = {
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
    "facts": gettext_lazy("Orders"),
    "valuations": gettext_lazy("Value"),
    "tasks": gettext_lazy("Tasks"),
    "at": gettext_lazy("When"),
    "verb": gettext_lazy("What"),
    "fields": gettext_lazy("Fields"),
}
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
    return key.replace("_", " ")


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
    for choices in CODES.get(key, ()):
        if value in choices.values:
            return choices(value).label
    if key in {one.name for one in Customer._meta.fields}:
        return dict(getattr(Customer._meta.get_field(key), "flatchoices", ())).get(value, value)
    return value
