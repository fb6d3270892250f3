"""What to do? A strategy and a resource grade for each class, and whom to contact first."""

from regulars.decide.contact import Contact, ContactList, contact_first
from regulars.decide.playbook import DEFAULT, GRADES, Playbook, Strategy, assign, strategy, strategy_line

__all__ = [
    "DEFAULT",
    "GRADES",
    "Contact",
    "ContactList",
    "Playbook",
    "Strategy",
    "assign",
    "contact_first",
    "strategy",
    "strategy_line",
]
