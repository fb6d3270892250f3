"""``python -m benchmarks.uplift``: scores of who gains by Hillstrom's mailings, beside a reference library's T-learner.

The reference is scikit-uplift's two-model approach (`pip install scikit-uplift`), where that is not installed the same
thing in plain scikit-learn, and the table says which. All scores are cross-fitted on the same folds; the measure is
ours for all, differences are paired over samples of customers drawn again. Needs REGULARS_TEST_DATA.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from regulars.prove.experiments.qini import compare_scores
from regulars.prove.experiments.uplift import SLearner, TLearner, XLearner, cross_fitted

COVARIATES = """recency, history::double, mens, womens, newbie, (zip_code = 'Urban')::int, (zip_code = 'Rural')::int,
(channel = 'Web')::int, (channel = 'Phone')::int"""


class Reference:
    """A T-learner of scikit-uplift, or the same of scikit-learn."""

    def __init__(self, outcome: str) -> None:
        model = HistGradientBoostingClassifier if outcome == "visit" else HistGradientBoostingRegressor
        self.new = lambda: model(random_state=0)

    def fit(self, X: Any, treated: Any, y: Any) -> Reference:
        try:
            from sklift.models import TwoModels
        except ImportError:
            self.pair = (self.new().fit(X[treated], y[treated]), self.new().fit(X[~treated], y[~treated]))
            return self
        import pandas as pd

        self.library = TwoModels(self.new(), self.new(), method="vanilla")
        self.library.fit(pd.DataFrame(X), pd.Series(y), pd.Series(treated.astype(int)))
        return self

    def predict(self, X: Any) -> Any:
        if hasattr(self, "library"):
            import pandas as pd

            return np.asarray(self.library.predict(pd.DataFrame(X)))
        first, second = self.pair
        say = "predict_proba" if hasattr(first, "predict_proba") else "predict"
        found = getattr(first, say)(X) - getattr(second, say)(X)
        return found[:, 1] if found.ndim == 2 else found


def read(arm: str, outcome: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    path = Path(os.environ["REGULARS_TEST_DATA"]) / "hillstrom_email.parquet"
    rows = duckdb.execute(
        f"select segment = $arm, {outcome}::double, {COVARIATES} from read_parquet($path) "
        "where segment in ($arm, 'No E-Mail') order by customer_id", {"arm": arm, "path": str(path)},
    ).fetchnumpy()  # fmt: skip
    columns = [np.asarray(each, np.float64) for each in rows.values()]
    return np.column_stack(columns[2:]), columns[0].astype(bool), columns[1]


def main() -> None:
    for arm in ("Womens E-Mail", "Mens E-Mail"):
        for outcome in ("visit", "spend"):
            X, treated, y = read(arm, outcome)
            learners: dict[str, Callable[[], Any]] = {
                "reference T": lambda o=outcome: Reference(o), "X": XLearner, "T": TLearner, "S": SLearner,
            }  # fmt: skip
            scores = {name: cross_fitted(each, X, treated, y) for name, each in learners.items()}
            print(f"{arm}, {outcome}")
            for name, found in compare_scores(scores, treated, y, draws=1000).items():
                say = "  ".join(f"{k} {v.value:+.5f} [{v.low:+.5f}, {v.high:+.5f}]" for k, v in found.items())
                print(f"  {name:12} {say}", flush=True)


if __name__ == "__main__":
    main()
