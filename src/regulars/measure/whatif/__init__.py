"""What if: the horizon, the discount rate, the retention, and what texts claim of it."""

from regulars.measure.whatif.outlook import ARITHMETIC, HORIZONS, LOWER, RATES, Base, Outlook, Point
from regulars.measure.whatif.presets import CONFLICT, PRESETS, Effect, Preset, own_preset, profit_effects
from regulars.measure.whatif.rates import rate_help

__all__ = [
    "ARITHMETIC",
    "CONFLICT",
    "HORIZONS",
    "LOWER",
    "PRESETS",
    "RATES",
    "Base",
    "Effect",
    "Outlook",
    "Point",
    "Preset",
    "own_preset",
    "profit_effects",
    "rate_help",
]
