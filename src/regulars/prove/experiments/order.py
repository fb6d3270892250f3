"""Cause before effect: nobody has an outcome from before they were assigned."""

from __future__ import annotations

import narwhals as nw

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError
from regulars.words import T


def refuse_backwards(table: Frame, assigned_on: str, outcome_on: str) -> None:
    """Refuse an experiment of which an outcome came before its assignment.

    Raises
    ------
    InputError
        Saying how many customers.
    """
    dated = table
    for name, column in (("_assigned", assigned_on), ("_came", outcome_on)):
        dated = engine.try_cast(dated, column, "timestamp", name=name)
    wrong = engine.n_rows(dated.filter(nw.col("_came") < nw.col("_assigned")))
    if wrong:
        raise InputError(
            T(
                zh=f"{wrong:,} 位客户的结果（{outcome_on}）早于分组（{assigned_on}）",
                en=f"outcomes ({outcome_on}) from before the assignment ({assigned_on}): {wrong:,}",
            ),
            remedy=T(
                zh="结果只算分组之后的；之前的可以当协变量。",
                en="Outcomes come after the assignment; what came before may be a covariate.",
            ),
        )
