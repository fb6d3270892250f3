"""One dated run of the loop over a business' orders, its quality gates and its model card."""

from regulars.valuation.card import model_card
from regulars.valuation.figures import figures
from regulars.valuation.given import Given
from regulars.valuation.run import Rules, Valuation, value_orders
from regulars.valuation.settings import Settings
from regulars.valuation.writing import write_customer_value

__all__ = ["Given", "Rules", "Settings", "Valuation", "figures", "model_card", "value_orders", "write_customer_value"]
