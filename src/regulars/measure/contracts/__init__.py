"""Relationships under contract: how often they were renewed, who left, what is still to come of the others."""

from regulars.measure.contracts.period import Period
from regulars.measure.contracts.relationships import Relationships, from_dates, from_tenure
from regulars.measure.contracts.to_come import Outlook, Worth, worth

__all__ = ["Outlook", "Period", "Relationships", "Worth", "from_dates", "from_tenure", "worth"]
