"""The parameters of an earlier run: new orders update every score by them, and nothing is fitted.

What counts as a parameter is whatever a whole run estimates from the base: the lifetime model, the spend model, the
base's margin, and the lines at which classes are cut. All of it stands in the model card.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError
from regulars.measure.current import Basis, Counted
from regulars.measure.lifetime.grouped import Grouped
from regulars.measure.margin import Margin
from regulars.prove.accuracy import histogram_distance
from regulars.prove.candidates import Fitted as Candidate
from regulars.prove.members import Members
from regulars.prove.origins import Origin, hashed_sample, read_cells
from regulars.prove.refit import Refit, refit_due
from regulars.prove.selection import SAMPLE
from regulars.segment.matrix import MatrixRule
from regulars.segment.rfm import RfmEdges, edges_kept
from regulars.segment.tiers import TierRule
from regulars.valuation.future import Fitted, evaluate
from regulars.valuation.scoring import Histories
from regulars.valuation.settings import Settings
from regulars.valuation.stored import REFIT, UNREADABLE, Stored, read
from regulars.words import T

DRAWS, SEED = 100, 20091201
CARD = "model_card.json"

SAID = T(
    zh="按 {day} 的参数打分，没有重新估计。要重新估计吗：{due}。{reason}",
    en="Scored with the parameters of {day}, nothing fitted. Refit due: {due}. {reason}",
)
RENEWED = T(
    zh="{day} 的参数不再适用，已重新估计。{reason}",
    en="The parameters of {day} no longer held, so all was fitted again. {reason}",
)
OTHERWISE = T(
    zh="期限、折现率、毛利率或界线和那次不同，类别的界线不能沿用。",
    en="Horizon, discount rate, margin or threshold differ from that run, so its lines between classes do not fit.",
)
_NO = T(zh="不要", en="no")
_YES = T(zh="要", en="yes")


@dataclass(frozen=True)
class Given:
    """What an earlier run estimated.

    Parameters
    ----------
    card
        Its model card; hold-out and choice are quoted from there.
    as_of
        The day it was fitted as of.
    models
        What it fitted, as the card keeps it.
    basis
        "net_profit" or "revenue".
    settings
        What that run was asked for.
    """

    card: Mapping[str, Any]
    as_of: date
    models: Stored
    basis: str
    matrix: MatrixRule
    rfm: RfmEdges
    tiers: TierRule
    settings: Settings

    @classmethod
    def of(cls, card: Mapping[str, Any]) -> Given:
        """Read the parameters from a model card.

        Raises
        ------
        InputError
            When that run had no model, or one that this version does not know.
        """
        try:
            return cls._of(card)
        except UNREADABLE:
            raise InputError(
                T(
                    zh="那次估值的模型卡是旧版本写的，不能沿用",
                    en="the model card of that valuation is of an older version and cannot be gone on with",
                ),
                remedy=REFIT,
            ) from None

    @classmethod
    def _of(cls, card: Mapping[str, Any]) -> Given:
        models, run, rules = read(card), card["run"], card["rules"]
        matrix, tiers = rules["matrix"], rules["tiers"]
        return cls(
            card=card,
            as_of=date.fromisoformat(card["model"]["fitted_on"]),
            models=models,
            basis=run["basis"],
            matrix=MatrixRule(
                matrix["quantile"], matrix["current"], matrix["future"], run["basis"], "future_value", matrix["known"]
            ),
            rfm=edges_kept(rules["rfm_edges"]),
            tiers=TierRule(
                tiers["gold"], tiers["silver"], tiers["gold_share"], tiers["silver_share"], run["basis"]
            ),
            settings=Settings(
                by=run.get("by"),
                horizon_days=run["horizon_days"],
                discount_rate=run["discount_rate"],
                margin=_margin(run["margin"]),
                threshold=matrix["quantile"],
                level=run["interval_level"],
                seed=run["seed"],
            ),
        )  # fmt: skip

    @classmethod
    def read(cls, folder: Path) -> Given:
        """Read the parameters from the folder of an earlier run, or from its model card.

        Raises
        ------
        InputError
            When there is no card to be read, or it is not one of this version.
        """
        path = folder / CARD if folder.is_dir() else folder
        try:
            card = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise InputError(
                T(zh="这里没有可以沿用的 model_card.json", en="there is no model_card.json to go on with here"),
                where=str(path),
                remedy=T(zh="给出 regulars value 写下的文件夹。", en="Name a folder that `regulars value` wrote."),
            ) from None
        return cls.of(card)

    @property
    def counted(self) -> Counted:
        """How the base is counted."""
        basis: Basis = "net_profit" if self.basis == "net_profit" else "revenue"
        return Counted(basis, bool(self.card["data"]["own_costs"]))

    def scored(self, known: Histories, settings: Settings) -> Fitted:
        """Return what the parameters say of these histories."""
        return evaluate(self.models.name, self.models.model, self.models.worth, known, settings)

    def obstacle(self, *, as_of: date, basis: str, settings: Settings) -> T | None:
        """Return why these parameters cannot score: a day before the fit, values counted or asked for otherwise."""
        if as_of < self.as_of:
            return T(
                zh="估值日 {day} 早于参数的日期 {fit}。",
                en="The valuation date {day} is before that of the parameters, {fit}.",
            ).format(day=as_of, fit=self.as_of)
        if basis != self.basis:
            return T(
                zh="那次按{before}计值，这次的数据按{now}。",
                en="Values were counted in {before} then and are in {now} now.",
            ).format(before=_BASES[self.basis], now=_BASES[basis])
        return OTHERWISE if settings != self.settings else None

    def check(self, *, as_of: date, basis: str, settings: Settings) -> None:
        """Refuse what these parameters cannot score.

        Raises
        ------
        InputError
            Where there is an `obstacle`.
        """
        why = self.obstacle(as_of=as_of, basis=basis, settings=settings)
        if why is not None:
            raise InputError(why, remedy=REFIT)

    @property
    def groups(self) -> tuple[str, ...] | None:
        """The groups that have parameters of their own; None where all share theirs."""
        return tuple(self.models.model.own) if isinstance(self.models.model, Grouped) else None

    def refit(
        self,
        occasions: Frame,
        *,
        as_of: date,
        basis: str,
        settings: Settings,
        n_customers: int,
        members: Members | None = None,
    ) -> Refit:
        """Hold the model against what its customers bought since the fit: of a hashed sample where there are many.

        A refit is due as well where there is an `obstacle`.
        """
        why = self.obstacle(as_of=as_of, basis=basis, settings=settings)
        if why is not None:
            return Refit(True, why, (as_of - self.as_of).days, 0.0, 0.0, 0.0, 0.0, None)
        sample = hashed_sample(occasions, size=SAMPLE, of=n_customers)
        try:
            since = read_cells(sample, Origin(self.as_of, as_of), members)
        finally:
            if sample is not occasions:
                engine.release(sample)
        draws = Candidate(self.models.name, self.models.model).draws(DRAWS, seed=SEED)
        pit = (self.card.get("holdout") or {}).get("pit")
        off = histogram_distance(pit) if pit else 0.0
        return refit_due(self.models.model.law, since, draws=draws, card_distance=off)

    def said(self, refit: Refit, *, renewed: bool = False) -> T:
        """Return in a sentence with which parameters scores were made and whether a refit is due."""
        due = _YES if refit.due else _NO
        return (RENEWED if renewed else SAID).format(day=self.as_of.isoformat(), due=due, reason=refit.reason)


_BASES = {
    "net_profit": T(zh="净利", en="net profit"),
    "revenue": T(zh="收入", en="revenue"),
}


def _margin(said: Mapping[str, Any] | None) -> Margin | None:
    if said is None:
        return None
    overall = said["overall"]
    by_category = {name: Decimal(str(rate)) for name, rate in said["by_category"].items()}
    return Margin(None if overall is None else Decimal(str(overall)), by_category)
