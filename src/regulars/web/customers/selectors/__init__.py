"""Reads of customers. The first argument is who asks."""

from regulars.web.customers.selectors.addressing import (
    addresses_of,
    agreed_at,
    everyone,
    first_points,
    known_at,
    latest_words,
    linked,
    naming_hash,
    with_owners,
    with_point,
)
from regulars.web.customers.selectors.consents import agreeing, consents, may_contact
from regulars.web.customers.selectors.duplicates import duplicates
from regulars.web.customers.selectors.history import ChangeLine, changes
from regulars.web.customers.selectors.listed import list_address
from regulars.web.customers.selectors.lookup import Match, find
from regulars.web.customers.selectors.merged import successor
from regulars.web.customers.selectors.owners import owners
from regulars.web.customers.selectors.profile import Profile, profile, summary
from regulars.web.customers.selectors.reach import of_visible, one_by_one, visible
from regulars.web.customers.selectors.tagged import tagged, tags

__all__ = [
    "ChangeLine",
    "Match",
    "Profile",
    "addresses_of",
    "agreed_at",
    "agreeing",
    "changes",
    "consents",
    "duplicates",
    "everyone",
    "find",
    "first_points",
    "known_at",
    "latest_words",
    "linked",
    "list_address",
    "may_contact",
    "naming_hash",
    "of_visible",
    "one_by_one",
    "owners",
    "profile",
    "successor",
    "summary",
    "tagged",
    "tags",
    "visible",
    "with_owners",
    "with_point",
]
