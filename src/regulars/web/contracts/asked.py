"""What a run over contracts is asked for, and how its messages speak of that: of our form, not of a command line."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from regulars.errors import InputError
from regulars.words import T, text

if TYPE_CHECKING:
    from regulars.valuation.contracts import ContractSettings

FEATURES = ("kind", "source_channel", "region", "store")


@dataclass(frozen=True, slots=True)
class Asked:
    """The choices of a run; every one has a default.

    Parameters
    ----------
    as_of
        What is known until then; None: the last day on which something happened.
    period
        Time between two renewals, such as ``month``; empty: told from the dates.
    each
        Whether a relationship is a customer, whose contracts follow each other, or a contract by itself.
    grace
        Days after its end within which a contract may still be renewed; None: half a period, 30 at most.
    margin
        Share of the amounts that is left after costs; None: values are revenue.
    """

    as_of: date | None = None
    period: str = ""
    each: str = "customer"
    grace: int | None = None
    margin: float | None = None
    horizon_months: int = 12
    discount_rate: float = 0.1

    def as_dict(self) -> dict[str, Any]:
        """Return them as JSON."""
        return {**asdict(self), "as_of": self.as_of.isoformat() if self.as_of else None}

    @classmethod
    def of(cls, said: dict[str, Any]) -> Asked:
        """Read them from JSON."""
        known = {name: said[name] for name in cls.__slots__ if said.get(name) is not None}
        if "as_of" in known:
            known["as_of"] = date.fromisoformat(known["as_of"])
        return cls(**known)

    def settings(self) -> ContractSettings:
        """Return them as the library takes them."""
        from regulars.measure.contracts import Period
        from regulars.valuation.contracts import ContractSettings

        return ContractSettings(
            horizon=Period(months=self.horizon_months), discount_rate=self.discount_rate, margin=self.margin
        )


_REMEDIES = {
    "--period": T(
        zh="在“更多选择”里说明一期多长；或改好文件里的日期再导入。",
        en="Say under “More choices” how long a period is; or repair the dates in the file and import it again.",
    ),
    "--each": T(
        zh="改好日期再导入；若一位客户同时有几份合同，在“更多选择”里选“每份合同单独看”。",
        en="Repair the dates and import again; where a customer holds several contracts at a time, choose “each "
        "contract by itself” under “More choices”.",
    ),
    "--as-of": T(zh="选一个较晚的估值日。", en="Choose a later valuation date."),
}


def in_our_words(error: InputError) -> InputError:
    """Return an error whose remedy speaks of the form where the library's speaks of options."""
    said = text(error.remedy, "en") if error.remedy is not None else ""
    for option in ("--each", "--as-of", "--period"):
        if option in said:
            return InputError(error.what, where=error.where, remedy=_REMEDIES[option])
    return error


def without_options(words: str) -> str:
    """Return a text without the sentences that speak of options of a command."""
    if "--" not in words:
        return words
    ends = "。" if "。" in words else ". "
    kept = [part for part in words.split(ends) if "--" not in part and part.strip()]
    joined = ends.join(kept).strip()
    return joined if joined.endswith(("。", ".")) else joined + ends.strip()
