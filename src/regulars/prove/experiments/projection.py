"""What may come after the window: a projection, labelled as one, by a model that does not know the arms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError
from regulars.prove.experiments.effects import Reading
from regulars.prove.experiments.reading import analyse
from regulars.words import T

PROJECTED = "projected"


@dataclass(frozen=True, slots=True)
class Projection:
    """The difference between arms in what one model expects of their customers after the window.

    Its interval has the chance of the assignment in it, not the model's own error; it decides nothing and passes no
    verdict.
    """

    reading: Reading
    label: T

    def as_dict(self) -> dict[str, Any]:
        """Return the projection for JSON, its label with it."""
        found = self.reading.as_dict()
        return {"label": self.label.as_dict(), "effects": found["effects"], "level": found["level"]}


def project(
    frame: Any,
    *,
    arm: str,
    control: str,
    key: str,
    model: Callable[[Frame], Frame],
    hide: tuple[str, ...] = ("stratum", "propensity"),
    alpha: float = 0.05,
) -> Projection:
    """Return what a model expects of the arms after the window, side by side.

    Parameters
    ----------
    frame
        One row an assigned customer, with what was seen until the end of the window.
    arm, control, key
        As for `analyse`; the key is the customer's.
    model
        Takes the table without the arm and returns `key` and `projected`, one row a customer: one model for
        everybody, which cannot expect more of an arm because it does not know them.
    hide
        Further columns that would give the arm away.

    Raises
    ------
    InputError
        Where the model leaves customers out.
    """
    table = engine.frame(frame)
    told = [name for name in table.collect_schema().names() if name != arm and name not in hide]
    expected = model(table.select(told)).select(key, PROJECTED)
    arms = table.select(key, arm)
    joined = engine.persist(arms.join(expected, on=key, how="left"))
    try:
        reading = analyse(joined, arm=arm, control=control, outcomes=[PROJECTED], key=key, alpha=alpha)
    except InputError as error:
        raise InputError(error.what, where=PROJECTED, remedy=_EVERYBODY) from None
    finally:
        engine.release(joined)
    return Projection(reading, LABEL)


LABEL = T(
    zh="推算，不是结果：窗口之后的部分由同一个模型对所有客户预测，模型不知道谁在哪组。它不参与结论。",
    en="A projection, not a result: one model, which does not know the arms, expects this after the window. It has no "
    "part in the verdict.",
)
_EVERYBODY = T(
    zh="模型要给每位客户一个数。",
    en="The model has to give every customer a number.",
)
