"""Who is alike? RFM, value matrix, pyramid, tiers, visit classes, and why a customer is in each."""

from regulars.segment.matrix import MatrixRule, matrix
from regulars.segment.pyramid import Level, pyramid
from regulars.segment.rfm import RfmEdges, Scale, rfm, rfm_cells
from regulars.segment.tiers import TierRule, crosstab, tier_summary, tiers
from regulars.segment.visits import VisitRule, visit_rule, visit_summary, visits

__all__ = [
    "Level",
    "MatrixRule",
    "RfmEdges",
    "Scale",
    "TierRule",
    "VisitRule",
    "crosstab",
    "matrix",
    "pyramid",
    "rfm",
    "rfm_cells",
    "tier_summary",
    "tiers",
    "visit_rule",
    "visit_summary",
    "visits",
]
