"""Writing to customers: each asks for the right and the reach, and leaves a trail in the same transaction."""

from regulars.web.customers.actions.archiving import archive, unarchive
from regulars.web.customers.actions.assigning import assign, hand_over
from regulars.web.customers.actions.classifying import classify
from regulars.web.customers.actions.consenting import say_consent, withdraw_by_themselves
from regulars.web.customers.actions.customer_rows import CustomerRow, Imported
from regulars.web.customers.actions.disclosing import export
from regulars.web.customers.actions.editing import create, set_stage, update
from regulars.web.customers.actions.erasing import erase
from regulars.web.customers.actions.identities import identify
from regulars.web.customers.actions.merging import merge
from regulars.web.customers.actions.reaching import (
    add_card,
    add_contact,
    add_point,
    change_contact,
    change_point,
    mark_failing,
    remove_card,
    remove_contact,
    remove_point,
)
from regulars.web.customers.actions.staffing import add_member, remove_member
from regulars.web.customers.actions.taking_in import take_in

__all__ = [
    "CustomerRow",
    "Imported",
    "add_card",
    "add_contact",
    "add_member",
    "add_point",
    "archive",
    "assign",
    "change_contact",
    "change_point",
    "classify",
    "create",
    "erase",
    "export",
    "hand_over",
    "identify",
    "mark_failing",
    "merge",
    "remove_card",
    "remove_contact",
    "remove_member",
    "remove_point",
    "say_consent",
    "set_stage",
    "take_in",
    "unarchive",
    "update",
    "withdraw_by_themselves",
]
