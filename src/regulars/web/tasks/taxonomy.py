"""Codes of work that other apps know as well."""

from __future__ import annotations

CAMPAIGN, UNIVERSAL = "campaign", "universal"
"""Lists of other apps that were split: a campaign's audience; who is left out of all campaigns for good."""
