"""The codes by which customers are classified. Codes go to the lake and stay; words may change."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """A person is a customer in their own right, not an organisation with one contact."""

    PERSON = "person", pgettext_lazy("customer", "Person")
    ORGANISATION = "organisation", _("Organisation")


class Partner(models.TextChoices):
    """What an organisation or person is to us beside being a customer."""

    AGENT = "agent", _("Agent")
    DISTRIBUTOR = "distributor", _("Distributor")
    SUPPLIER = "supplier", _("Supplier")
    OTHER = "other", _("Other partner")


class Nature(models.TextChoices):
    """What kind of body it is."""

    GOVERNMENT = "government", _("Government or non-profit")
    COMPANY = "company", _("Company")
    SPECIAL = "special", _("Special company, such as a supplier")
    INDIVIDUAL = "individual", _("Individual")


class Seniority(models.TextChoices):
    """How long they have been a customer. What has not bought yet is prospective."""

    PROSPECTIVE = "prospective", pgettext_lazy("customer", "Prospective")
    NEW = "new", pgettext_lazy("customer", "New")
    ESTABLISHED = "established", pgettext_lazy("customer", "Established")


class Dealing(models.TextChoices):
    """Where the business with them stands."""

    PAST = "past", _("Past deals")
    CURRENT = "current", _("Deals now")
    UPCOMING = "upcoming", _("Deals ahead")


class Stage(models.TextChoices):
    """The relationship's life: probation, growth, stability, decline."""

    ESTABLISH = "establish", _("Getting to know")
    DEVELOP = "develop", _("Growing")
    MAINTAIN = "maintain", _("Stable")
    BREAK = "break", _("Ending")


class SourceChannel(models.TextChoices):
    """How a customer came to us."""

    QUESTIONNAIRE = "questionnaire", _("Questionnaire")
    PHONE_INTERVIEW = "phone_interview", _("Interview by phone")
    FIELD_INTERVIEW = "field_interview", _("Interview on site")
    EXHIBITION = "exhibition", _("Card from an exhibition")
    REFERRAL = "referral", _("Introduced by classmates, family or friends")
    WALK_IN = "walk_in", _("Came in or called")
    RESALE = "resale", _("Sold to again")
    PUBLIC_RECORD = "public_record", _("Public records of authorities and associations")
    BROKER = "broker", _("Commercial broker")
    MEDIA = "media", _("Answer to an advertisement")
    DISTRIBUTOR = "distributor", _("Distributor or agent of the trade")
    PARTNER = "partner", _("Partner's channel")
    IMPORTED = "imported", _("Came with imported data")


class Channel(models.TextChoices):
    """Ways to reach somebody."""

    PHONE = "phone", _("Phone")
    SMS = "sms", _("Text message")
    WECHAT = "wechat", _("WeChat")
    EMAIL = "email", _("E-mail")
    POST = "post", _("Post")
    VISIT = "visit", _("Visit")


class Purpose(models.TextChoices):
    """What somebody may agree to. Profiling: being judged by a value that is reckoned from their purchases."""

    SERVICE = "service", _("Orders and service")
    MARKETING = "marketing", _("Offers")
    SURVEY = "survey", _("Surveys")
    PROFILING = "profiling", _("Reckoning a value")


class ConsentState(models.TextChoices):
    """What was said."""

    GRANTED = "granted", _("Agreed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PointKind(models.TextChoices):
    """Kinds of addresses."""

    MOBILE = "mobile", _("Mobile")
    PHONE = "phone", _("Landline")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")
    ADDRESS = "address", _("Address")


class Part(models.TextChoices):
    """What a member of a key account's team does."""

    LEAD = "lead", _("Leads")
    NEEDS = "needs", _("Finds out what is needed")
    SOLUTION = "solution", _("Works out the solution")
    CONTRACT = "contract", _("Negotiates the contract")
    SERVICE = "service", _("Looks after them")


class Gender(models.TextChoices):
    """As the person gave it."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
