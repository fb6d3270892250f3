"""What a contract says of a table: its grain, its key, its columns with type, unit and null rule."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from regulars.words import T


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds: its type in DuckDB and in Arrow, and which types a frame may bring for it."""

    name: str
    sql: str
    arrow: pa.DataType
    takes: tuple[str, ...]


_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT")
_MONEY = ("DECIMAL", *_WHOLE)

ID = Kind("id", "BIGINT", pa.int64(), _WHOLE)
"""A surrogate: it says nothing about who it stands for."""
CODE = Kind("code", "VARCHAR", pa.string(), ("VARCHAR", "ENUM", "UUID", *_WHOLE))
"""A short code, never free text."""
CODES = Kind("codes", "VARCHAR[]", pa.list_(pa.string()), ("VARCHAR[]",))
LABEL = Kind("label", "VARCHAR", pa.string(), ("VARCHAR", "ENUM"))
"""What a thing is called, or a reason in our own words; never a person."""
COUNT = Kind("count", "BIGINT", pa.int64(), _WHOLE)
NUMBER = Kind("number", "DOUBLE", pa.float64(), ("DOUBLE", "FLOAT", *_MONEY))
MONEY = Kind("money", "DECIMAL(18,4)", pa.decimal128(18, 4), _MONEY)
QUANTITY = Kind("quantity", "DECIMAL(18,4)", pa.decimal128(18, 4), _MONEY)
DAY = Kind("day", "DATE", pa.date32(), ("DATE",))
MOMENT = Kind("moment", "TIMESTAMP WITH TIME ZONE", pa.timestamp("us", "UTC"), ("TIMESTAMP WITH TIME ZONE",))
FLAG = Kind("flag", "BOOLEAN", pa.bool_(), ("BOOLEAN",))

LONGEST_CODE = 200
"""Characters in a code; a note or an address that strays into one is refused."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Parameters
    ----------
    required
        Whether a row without it is refused.
    unit
        What one of it is, where the kind does not say.
    one_of
        The only values allowed; empty: any.
    """

    name: str
    kind: Kind
    required: bool = False
    unit: str = ""
    one_of: tuple[str, ...] = ()


RECORDED_AT = Column("recorded_at", MOMENT, required=True)
REVISION = Column("revision", COUNT, required=True)
SOURCE = Column("source", CODE, required=True)


@dataclass(frozen=True)
class Contract:
    """The declaration of one stored table.

    Parameters
    ----------
    grain
        What one row is.
    key
        The columns that name a row; no two rows share them.
    columns
        The columns that a frame brings; of these those that are not required may be left out.
    sort
        The order of rows within a file; the first is the one that files are pruned by.
    month_of
        The date by whose month the table is split; None: it is not.
    split_by
        The column by whose value the table is split; None: it is not.
    """

    name: str
    grain: T
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    sort: tuple[str, ...]
    month_of: str | None = None
    split_by: str | None = None

    @property
    def by_source(self) -> bool:
        """Whether rows of different sources are different rows; `source` is then stamped on every row."""
        return "source" in self.key

    @cached_property
    def stored(self) -> tuple[Column, ...]:
        """Every column of the stored table: the frame's, and those that writing stamps on."""
        return (*((SOURCE,) if self.by_source else ()), *self.columns, RECORDED_AT, REVISION)

    @property
    def partition(self) -> str | None:
        """The column of the Delta table that it is split by."""
        return f"{self.month_of}_month" if self.month_of else self.split_by

    @property
    def pruned_by(self) -> str | None:
        """The whole-number column whose range each file states; None where the first sorted column is none."""
        first = next(c for c in self.stored if c.name == self.sort[0])
        return first.name if first.kind is ID else None

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of what is read."""
        return pa.schema([pa.field(c.name, c.kind.arrow) for c in self.stored])
