"""What is each customer worth? Occasions, the customer summary, current value, lifetime models."""

from regulars.measure.occasions import purchase_occasions
from regulars.measure.summary import customer_summary

__all__ = ["customer_summary", "purchase_occasions"]
