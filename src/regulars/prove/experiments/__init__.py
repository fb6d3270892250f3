"""Experiments: planned before they start, assigned by chance, read as they were assigned, judged in four words.

`required_size` and `past_outcome` plan, `assign` and `universal` assign, `analyse` reads and `judge` passes the
verdict; `cross_fitted`, `compare_scores` and `policy_value` ask for whom it works, `project` looks beyond the window,
and `compare_observed` compares without an experiment.
"""

from regulars.prove.experiments.assignment import assign, universal
from regulars.prove.experiments.comparing import Difference, compare
from regulars.prove.experiments.design import Design, design_effect, required_size
from regulars.prove.experiments.effects import Effect, Reading, SegmentEffect
from regulars.prove.experiments.looks import Looks
from regulars.prove.experiments.mismatch import Mismatch, mismatch
from regulars.prove.experiments.moments import Cell, Moments
from regulars.prove.experiments.observational import Observed, compare_observed
from regulars.prove.experiments.past import Past, past_outcome
from regulars.prove.experiments.policy import PolicyValue, effect_scores, policy_value, worth_treating
from regulars.prove.experiments.projection import Projection, project
from regulars.prove.experiments.qini import Curve, Ranked, compare_scores, qini_curve
from regulars.prove.experiments.reading import analyse
from regulars.prove.experiments.uplift import SLearner, TLearner, XLearner, cross_fitted
from regulars.prove.experiments.verdict import Evidence, Kind, Verdict, judge

__all__ = [
    "Cell",
    "Curve",
    "Design",
    "Difference",
    "Effect",
    "Evidence",
    "Kind",
    "Looks",
    "Mismatch",
    "Moments",
    "Observed",
    "Past",
    "PolicyValue",
    "Projection",
    "Ranked",
    "Reading",
    "SLearner",
    "SegmentEffect",
    "TLearner",
    "Verdict",
    "XLearner",
    "analyse",
    "assign",
    "compare",
    "compare_observed",
    "compare_scores",
    "cross_fitted",
    "design_effect",
    "effect_scores",
    "judge",
    "mismatch",
    "past_outcome",
    "policy_value",
    "project",
    "qini_curve",
    "required_size",
    "universal",
    "worth_treating",
]
