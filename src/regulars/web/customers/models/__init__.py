"""Tables of customers."""

from regulars.web.customers.models.consent import Consent
from regulars.web.customers.models.customer import Customer, CustomerQuerySet, Tag, random_id
from regulars.web.customers.models.history import Change, Classified
from regulars.web.customers.models.identity import ExternalIdentity, Suppression
from regulars.web.customers.models.reach import Card, Contact, ContactPoint, of_reached
from regulars.web.customers.models.team import TeamMember

__all__ = [
    "Card",
    "Change",
    "Classified",
    "Consent",
    "Contact",
    "ContactPoint",
    "Customer",
    "CustomerQuerySet",
    "ExternalIdentity",
    "Suppression",
    "Tag",
    "TeamMember",
    "of_reached",
    "random_id",
]
