"""The only door to stored tables: contracts, Delta storage that one writer at a time changes, snapshots."""

from regulars.lake.contract import Column, Contract, Kind
from regulars.lake.contracts import CONTRACTS, contract_of
from regulars.lake.snapshots import Pin, Snapshot
from regulars.lake.store import Lake
from regulars.lake.write import Written

__all__ = ["CONTRACTS", "Column", "Contract", "Kind", "Lake", "Pin", "Snapshot", "Written", "contract_of"]
