"""Who is alike? RFM, value matrix, pyramid, tiers, visit classes, and why a customer is in each."""

from regulars.segment.matrix import MatrixRule, matrix
from regulars.segment.names import (
    MATRIX_CLASSES,
    MATRIX_NAMES,
    MATRIX_NUMERALS,
    TIER_NAMES,
    TIERS,
    VISIT_CLASSES,
    matrix_name,
    month_name,
    visit_meaning,
)
from regulars.segment.pyramid import Level, pyramid
from regulars.segment.rfm import RfmEdges, Scale, rfm, rfm_cells
from regulars.segment.tiers import TierRule, crosstab, tier_summary, tiers
from regulars.segment.visits import VisitRule, visit_rule, visit_summary, visits

__all__ = [
    "MATRIX_CLASSES",
    "MATRIX_NAMES",
    "MATRIX_NUMERALS",
    "TIERS",
    "TIER_NAMES",
    "VISIT_CLASSES",
    "Level",
    "MatrixRule",
    "RfmEdges",
    "Scale",
    "TierRule",
    "VisitRule",
    "crosstab",
    "matrix",
    "matrix_name",
    "month_name",
    "pyramid",
    "rfm",
    "rfm_cells",
    "tier_summary",
    "tiers",
    "visit_meaning",
    "visit_rule",
    "visit_summary",
    "visits",
]
