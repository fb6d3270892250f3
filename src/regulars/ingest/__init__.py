"""Files, folders and frames become order lines that count; what does not count is named, counted and kept aside."""

from regulars.ingest.options import ReadOptions
from regulars.ingest.orders import Orders, read_orders
from regulars.ingest.rejected import write_rejected
from regulars.ingest.rules import Exclusion

__all__ = ["Exclusion", "Orders", "ReadOptions", "read_orders", "write_rejected"]
