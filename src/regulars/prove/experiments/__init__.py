"""Experiments: planned before they start, assigned by chance, read as they were assigned, judged in four words."""

from regulars.prove.experiments.assignment import assign, universal
from regulars.prove.experiments.comparing import Difference, compare
from regulars.prove.experiments.design import Design, design_effect, required_size
from regulars.prove.experiments.looks import Looks
from regulars.prove.experiments.mismatch import Mismatch, mismatch
from regulars.prove.experiments.moments import Cell, Moments
from regulars.prove.experiments.reading import Effect, Reading, SegmentEffect, analyse
from regulars.prove.experiments.verdict import Evidence, Kind, Verdict, judge

__all__ = [
    "Cell",
    "Design",
    "Difference",
    "Effect",
    "Evidence",
    "Kind",
    "Looks",
    "Mismatch",
    "Moments",
    "Reading",
    "SegmentEffect",
    "Verdict",
    "analyse",
    "assign",
    "compare",
    "design_effect",
    "judge",
    "mismatch",
    "required_size",
    "universal",
]
