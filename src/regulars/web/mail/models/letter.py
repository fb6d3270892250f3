"""What a campaign writes: subject and text in both languages, part of its plan."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.words import Lang

LONGEST_SUBJECT, LONGEST_BODY = 150, 10_000


class Letter(models.Model):
    """The message of one campaign; at least one language is written."""

    campaign = models.OneToOneField("campaigns.Campaign", models.CASCADE, related_name="letter", primary_key=True)
    subject_zh = models.CharField(_("subject in Chinese"), max_length=LONGEST_SUBJECT, blank=True)
    body_zh = models.TextField(_("text in Chinese"), max_length=LONGEST_BODY, blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=LONGEST_SUBJECT, blank=True)
    body_en = models.TextField(_("text in English"), max_length=LONGEST_BODY, blank=True)
    paused_at = models.DateTimeField(null=True, editable=False)  # by somebody; a server that is down pauses nothing

    def __str__(self) -> str:
        return self.subject_zh or self.subject_en

    def written(self) -> list[Lang]:
        """Return the languages in which it is written."""
        langs: tuple[Lang, ...] = ("zh", "en")
        return [lang for lang in langs if self.subject(lang) and self.body(lang)]

    def subject(self, lang: Lang) -> str:
        """Return the subject as it was written."""
        return self.subject_zh if lang == "zh" else self.subject_en

    def body(self, lang: Lang) -> str:
        """Return the text as it was written."""
        return self.body_zh if lang == "zh" else self.body_en

    def language(self, wanted: str) -> Lang:
        """Return the language in which it is sent to somebody: theirs, or the one that is written."""
        lang: Lang = "zh" if wanted.startswith("zh") else "en"
        written = self.written()
        return lang if lang in written or not written else written[0]
