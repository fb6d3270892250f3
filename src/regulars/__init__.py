"""Regulars (熟客): what every customer is worth, how sure that is, and what to do about it."""

__version__ = "0.1.0"
