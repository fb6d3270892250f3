"""The hold-out of a run: place the origins, choose the model on the earlier ones, make the card on the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from regulars import engine
from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime.grouped_law import AnyLaw
from regulars.measure.regularity import Regularity
from regulars.prove.beside import Beside
from regulars.prove.candidates import Fits, gaps, stages
from regulars.prove.challenger import Challenge, see_challenge
from regulars.prove.holdout import Card, reckon, see
from regulars.prove.members import Members
from regulars.prove.origins import (
    Cells,
    Origin,
    Plan,
    cells_of_customers,
    first_purchases,
    hashed_sample,
    plan,
    read_cells,
)
from regulars.prove.selection import SAMPLE, Choice, choose_model
from regulars.words import T


@dataclass(frozen=True)
class HoldOut:
    """The model chosen, the card (None where `why_no_card` says why) and what is to be said about the origins."""

    plan: Plan
    choosing: Beside[tuple[Choice, tuple[AnyLaw, ...]]]
    reckoning: Beside[Card] | None
    why_no_card: T | None = None

    @property
    def choice(self) -> Choice:
        """The model chosen; waits until it is."""
        return self.choosing.result()[0]

    @property
    def rivals(self) -> tuple[AnyLaw, ...]:
        """The models that earlier origins cannot tell apart, the chosen one first, as fitted on the latest; waits."""
        return self.choosing.result()[1]

    @property
    def card(self) -> Card | None:
        """The hold-out on the last origin; waits until it is reckoned."""
        return None if self.reckoning is None else self.reckoning.result()

    def reckon_beside(self) -> None:
        """Begin to reckon the card now, in a thread of its own, instead of when it is asked for."""
        if self.reckoning is not None:
            self.reckoning.start()

    def as_dict(self) -> dict[str, Any]:
        """Return everything as ``backtest.json`` and the model card carry it."""
        card = self.card
        return {
            "note": self.plan.note.as_dict(),
            "choice": self.choice.as_dict(),
            "holdout": None if card is None else card.as_dict(),
            "tracking": None if card is None else card.tracking(),
            "why_no_card": None if self.why_no_card is None else self.why_no_card.as_dict(),
        }


def hold_out(
    occasions: Any,
    *,
    first: date,
    as_of: date,
    n_customers: int,
    customers: Any = None,
    members: Members | None = None,
) -> HoldOut:
    """Choose a lifetime model and test it on data that neither the choice nor the fit has seen.

    Parameters
    ----------
    occasions
        One row a customer-day (``customer_id``, ``occasion_date``); read several times, so hand it in persisted.
    first, as_of
        Day of the first purchase and last day that counts.
    n_customers
        Customers in `occasions`; decides whether the choice is made on a sample.
    customers
        One row a customer, persisted: the summary as of `as_of` with the `Marks` of the last origin; read from
        `occasions` where None. With `members`, each with the code of their group.
    members
        Customers' groups: parameters of their own for each group are one more candidate.
    """
    return _run(occasions, plan(first, as_of), n_customers, customers, members=members)


def backtest(
    occasions: Any, *, first: date, split: date, until: date, n_customers: int, members: Members | None = None
) -> HoldOut:
    """Forecast from `split` to `until`, with the model chosen on origins that end by `split`: the whole tournament.

    Every model is fitted on all customers and judged in full, beside naive rules and, where scikit-learn is installed,
    a challenger.

    Raises
    ------
    InputError
        Unless first < split < until.
    """
    if not first < split < until:
        raise InputError(
            T(
                zh=f"分割日 {split} 须在首次购买 {first} 与 {until} 之间",
                en=f"the split {split} must lie between the first purchase {first} and the end {until}",
            ),
            remedy=T(zh="换一个 --split 或 --until。", en="Choose another --split or --until."),
        )
    earlier = plan(first, split)
    card = Origin(split, until)
    frame = engine.frame(occasions)
    challenge = _challenge(frame, card, first, n_customers, members)
    origins = Plan((*earlier.origins, card), earlier.note)
    return _run(frame, origins, n_customers, whole=True, challenge=challenge, members=members)


def _challenge(occasions: Any, at: Origin, first: date, n_customers: int, members: Members | None) -> Challenge | T:
    try:
        return see_challenge(occasions, at, first=first, n_customers=n_customers, members=members)
    except NotEnoughData as error:
        return error.why


def measured(occasions: Any, origins: Plan) -> Regularity | None:
    """Return the regularity of gaps as it was known at the first origin; None where there is none to choose on."""
    return gaps(occasions, origins.choosing[0].origin) if origins.choosing else None


def _choose(
    cells: Sequence[Cells], regularity: Regularity | None, fit: Fits, *, sampled: bool, by: str | None = None
) -> tuple[Choice, tuple[AnyLaw, ...]]:
    """Choose on the earlier origins; return the models that are alike as well, before `fit` goes on to the last."""
    choice = choose_model(cells, sampled=sampled, fit=fit, k=fit.k, by=by)
    said = replace(choice, regularity=None if regularity is None else regularity.words)
    return said, fit.laws(said.alike)


def _run(
    occasions: Any,
    origins: Plan,
    n_customers: int,
    customers: Any = None,
    *,
    whole: bool = False,
    challenge: Challenge | T | None = None,
    members: Members | None = None,
) -> HoldOut:
    occasions = engine.frame(occasions)
    own = first_purchases(occasions) if customers is None else None
    firsts = customers if own is None else own
    sample = hashed_sample(occasions, size=SAMPLE, of=n_customers, customers=firsts)
    try:
        found = measured(sample, origins)
        fit, by = Fits(stages(found)), None if members is None else members.by
        cells = [read_cells(sample, each, members) for each in origins.choosing]
        choosing = Beside(partial(_choose, cells, found, fit, sampled=sample is not occasions, by=by)).start()
        if origins.card is None:
            return HoldOut(origins, choosing, None, origins.note)
        try:
            everyone = None if customers is None else cells_of_customers(customers, origins.card, members)
            seen = see(occasions, origins.card, sample=sample, firsts=firsts, cells=everyone, members=members)
        except NotEnoughData as error:
            return HoldOut(origins, choosing, None, error.why)

        def reckoned() -> Card:
            choice, rivals = choosing.result()
            grouped = choice.groups.name if choice.groups else None
            return reckon(
                seen, chosen=choice.model, fit=fit, rivals=rivals, whole=whole, challenge=challenge, grouped=grouped
            )

        return HoldOut(origins, choosing, Beside(reckoned))
    finally:
        for held in (own, None if sample is occasions else sample):
            if held is not None:
                engine.release(held)
