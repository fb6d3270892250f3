"""Experiments: planned before they start, assigned by chance, read as they were assigned, judged in four words.

`required_size` and `past_outcome` plan, `assign` and `universal` assign, `analyse` reads and `judge` passes the
verdict; `cross_fitted`, `compare_scores` and `policy_value` ask for whom it works, `project` looks beyond the window,
and `compare_observed` compares without an experiment.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regulars.prove.experiments.assignment import assign, universal
    from regulars.prove.experiments.comparing import Difference, compare
    from regulars.prove.experiments.design import Design, design_effect, required_size
    from regulars.prove.experiments.effects import Effect, Reading, SegmentEffect
    from regulars.prove.experiments.looks import Looks
    from regulars.prove.experiments.moments import Cell, Moments
    from regulars.prove.experiments.observational import Observed, compare_observed
    from regulars.prove.experiments.past import Past, past_outcome
    from regulars.prove.experiments.policy import PolicyValue, effect_scores, policy_value, worth_treating
    from regulars.prove.experiments.projection import Projection, project
    from regulars.prove.experiments.qini import Curve, Ranked, compare_scores, qini_curve
    from regulars.prove.experiments.reading import analyse
    from regulars.prove.experiments.sample_ratio import Mismatch, mismatch
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

_IN = {
    "Cell": "moments",
    "Curve": "qini",
    "Design": "design",
    "Difference": "comparing",
    "Effect": "effects",
    "Evidence": "verdict",
    "Kind": "verdict",
    "Looks": "looks",
    "Mismatch": "sample_ratio",
    "Moments": "moments",
    "Observed": "observational",
    "Past": "past",
    "PolicyValue": "policy",
    "Projection": "projection",
    "Ranked": "qini",
    "Reading": "effects",
    "SLearner": "uplift",
    "SegmentEffect": "effects",
    "TLearner": "uplift",
    "Verdict": "verdict",
    "XLearner": "uplift",
    "analyse": "reading",
    "assign": "assignment",
    "compare": "comparing",
    "compare_observed": "observational",
    "compare_scores": "qini",
    "cross_fitted": "uplift",
    "design_effect": "design",
    "effect_scores": "policy",
    "judge": "verdict",
    "mismatch": "sample_ratio",
    "past_outcome": "past",
    "policy_value": "policy",
    "project": "projection",
    "qini_curve": "qini",
    "required_size": "design",
    "universal": "assignment",
    "worth_treating": "policy",
}


def __getattr__(name: str) -> Any:
    """Import a function when it is asked for: who only names it starts without SciPy."""
    if name not in _IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_IN[name]}"), name)
