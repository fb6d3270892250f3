"""Forms of e-mail: the message of a campaign, and the settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from regulars.web.core.forms import RecordForm
from regulars.web.mail.models.letter import LONGEST_BODY, LONGEST_SUBJECT
from regulars.web.mail.writing import TEXTS

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _subject(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=LONGEST_SUBJECT, required=False)


def _body(label: Any) -> forms.CharField:
    text = forms.Textarea(attrs={"rows": 9})
    return forms.CharField(label=label, max_length=LONGEST_BODY, required=False, widget=text)


class LetterForm(forms.Form):
    """The message; `version` is the campaign's, whose plan it is part of."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    subject_zh = _subject(_("Subject in Chinese"))
    body_zh = _body(_("Text in Chinese"))
    subject_en = _subject(_("Subject in English"))
    body_en = _body(_("Text in English"))

    def texts(self) -> dict[str, str]:
        """Return what was written."""
        return {name: self.cleaned_data[name] for name in TEXTS}


class SettingForm(RecordForm):
    """Who writes, when not, how often."""

    sender_name = forms.CharField(label=_("Sender's name"), max_length=80, required=False)
    sender = forms.EmailField(
        label=_("Sender's address"), help_text=_("Of a domain for which your mail server may send.")
    )
    reply_to = forms.EmailField(label=_("Replies go to"), required=False)
    imprint = forms.CharField(
        label=_("Who writes"), max_length=300, required=False,
        help_text=_("Company and postal address, at the foot of each message: many countries ask for it."),
    )  # fmt: skip
    quiet_from = forms.TimeField(label=_("No e-mails from"), widget=CLOCK)
    quiet_to = forms.TimeField(
        label=pgettext_lazy("time of day", "until"),
        widget=CLOCK,
        help_text=_("By the workspace's clock. The same time twice: no quiet hours."),
    )
    most = forms.IntegerField(label=_("E-mails for one customer at most"), min_value=1, max_value=100)
    within_days = forms.IntegerField(label=_("within days"), min_value=1, max_value=366)
    a_minute = forms.IntegerField(
        label=_("E-mails a minute at most"), min_value=0, max_value=100_000,
        help_text=_("As many as your mail server allows; 0: as fast as it takes them."),
    )  # fmt: skip

    @staticmethod
    def initial_of(record: Any) -> dict[str, Any]:
        """Return the settings as they are."""
        return {name: getattr(record, name) for name in SettingForm.base_fields if name != "version"}
