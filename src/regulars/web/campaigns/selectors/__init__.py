"""Reads of campaigns and of what was proved. The first argument is who asks."""

from regulars.web.campaigns.selectors.campaigns import (
    audience_size,
    campaigns,
    group_counts,
    left_alone_by_all,
    members,
    memberships,
    others,
    proof_of,
    skipped,
)
from regulars.web.campaigns.selectors.ledger import SORTS, Line, ledger, lines, proofs
from regulars.web.campaigns.selectors.story import Story, story

__all__ = [
    "SORTS",
    "Line",
    "Story",
    "audience_size",
    "campaigns",
    "group_counts",
    "ledger",
    "left_alone_by_all",
    "lines",
    "members",
    "memberships",
    "others",
    "proof_of",
    "proofs",
    "skipped",
    "story",
]
