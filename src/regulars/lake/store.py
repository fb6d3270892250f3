"""The lake: a folder of Delta tables with one writer at a time and as many readers as there are."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from regulars import engine
from regulars.engine import Frame
from regulars.engine.current import current_connection
from regulars.errors import InputError
from regulars.lake import log, snapshots
from regulars.lake.check import check_source
from regulars.lake.compact import MANY, compact_files
from regulars.lake.contracts import CONTRACTS, contract_of
from regulars.lake.disk import refusals_in_words
from regulars.lake.lock import locked
from regulars.lake.read import refuse_gone, rows_of
from regulars.lake.snapshots import Pin, Snapshot
from regulars.lake.vacuum import vacuum_table
from regulars.lake.write import Written, write_rows
from regulars.words import T

KEEP = timedelta(days=7)
"""How long replaced versions stay readable."""


class Lake:
    """Stored tables in a folder.

    Parameters
    ----------
    path
        The folder; made with the first write.
    wait_seconds
        How long a writer waits for another one.
    memory_limit
        What DuckDB may hold while writing before it spills to disk.
    threads
        Threads for writing; default: every core that this process may use.

    Examples
    --------
    >>> import tempfile
    >>> import pyarrow as pa
    >>> from datetime import UTC, datetime
    >>> room = tempfile.TemporaryDirectory()
    >>> lake = Lake(room.name)
    >>> products = pa.table({"product_id": ["P1", "P2"], "name": ["Tea", "Salt"]})
    >>> lake.write("products", products, source="shop", recorded_at=datetime(2026, 6, 30, tzinfo=UTC))
    Written(new=2, changed=0, same=0, version=1)
    >>> lake.write("products", products, source="shop", recorded_at=datetime(2026, 7, 1, tzinfo=UTC))
    Written(new=0, changed=0, same=2, version=1)
    >>> with engine.session():
    ...     engine.n_rows(lake.table("products"))
    2
    >>> room.cleanup()
    """

    def __init__(
        self,
        path: Path | str,
        *,
        wait_seconds: float = 600,
        memory_limit: str = "1GB",
        threads: int | None = None,
    ) -> None:
        self.path = Path(path)
        self.wait_seconds = wait_seconds
        self.memory_limit = memory_limit
        self.threads = threads

    def write(self, name: str, frame: Any, *, source: str, recorded_at: datetime, zone: str | None = None) -> Written:
        """Write rows into a table: new keys are added, changed rows replaced by a new revision, the same left alone.

        Parameters
        ----------
        frame
            Rows by the table's contract, as any table that `regulars.engine.frame` takes. Columns that are not
            required may be missing; `source`, `recorded_at` and `revision` are written by the lake and ignored.
        source
            The system that the rows come from; part of the key where the contract says so.
        recorded_at
            When the rows became known, with a time zone.
        zone
            Whose local time moments without a zone are; such moments are refused where it is not given.

        Returns
        -------
        Written
            How many rows were new, changed or the same. Where all are the same there is no new version.

        Raises
        ------
        InputError
            When the frame breaks the contract, or another writer was not done in time. Nothing is written.
        OutputError
            When the disk refuses. The last version stays.
        """
        contract = contract_of(name)
        check_source(contract, source)
        if recorded_at.tzinfo is None:
            raise InputError(
                T(zh="recorded_at 没有时区", en="recorded_at has no time zone"),
                where=name,
                remedy=T(zh="给它一个时区，如 UTC。", en="Give it one, such as UTC."),
            )
        with self._writing(f"{name} < {source}") as (connection, room):
            written = write_rows(
                connection,
                contract,
                engine.frame(frame),
                source=source,
                recorded_at=recorded_at,
                zone=zone,
                folder=self.folder(name),
                room=room,
            )
            if written.new or written.changed:
                self._tidy(connection, name, room)
        return written

    def _tidy(self, connection: duckdb.DuckDBPyConnection, name: str, room: Path) -> None:
        # The write is done: what keeps the tidying from it (no room, say) is met again by the next one.
        with suppress(InputError, duckdb.Error, OSError):
            compact_files(connection, contract_of(name), self.folder(name), room)

    def table(self, name: str, *, at: int | Snapshot | None = None, customers: Sequence[int] | None = None) -> Frame:
        """Return a table as a lazy frame on the open `regulars.engine.session`.

        Parameters
        ----------
        at
            A version, or the snapshot that names it; default: the newest.
        customers
            Whose rows alone to read; files and row groups that cannot hold them are not touched.

        Raises
        ------
        InputError
            When there is no such table or version, or the version was tidied away.
        """
        contract = contract_of(name)
        connection = current_connection()
        if isinstance(at, Snapshot):
            if name not in at.versions:
                return rows_of(connection, contract, None, customers)
            at = at.versions[name]
        return rows_of(connection, contract, log.read(self.folder(name), contract, at), customers)

    def version(self, name: str) -> int | None:
        """Return the newest version of a table; None where it was never written."""
        return log.newest(self.folder(contract_of(name).name))

    def snapshot(self) -> Snapshot:
        """Return the newest version of every table that was ever written."""
        found = {name: self.version(name) for name in CONTRACTS}
        return Snapshot({name: version for name, version in found.items() if version is not None})

    def pin(self, snapshot: Snapshot, reason: str) -> Pin:
        """Keep the versions of a snapshot readable until `unpin`; `reason` is for whoever wonders why."""
        with self._pinning():
            for name, version in snapshot.versions.items():
                contract = contract_of(name)
                found = log.read(self.folder(name), contract, version)
                refuse_gone(contract, found.files if found else [])
            return snapshots.add_pin(self.path / "pins", snapshot, reason)

    def unpin(self, pin_id: str) -> None:
        """Let the versions of a pin be tidied away."""
        with self._pinning():
            snapshots.remove_pin(self.path / "pins", pin_id)

    def pins(self) -> list[Pin]:
        """Return every pin."""
        return snapshots.pins(self.path / "pins")

    def compact(self, name: str, *, many: int = MANY) -> int | None:
        """Merge the small files of every partition that has at least `many`; return the table's version."""
        with self._writing(f"compact {name}") as (connection, room):
            return compact_files(connection, contract_of(name), self.folder(name), room, many)

    def vacuum(self, *, keep: timedelta = KEEP) -> Mapping[str, int]:
        """Remove files that no kept version names and what killed writers left; return how many went, by table.

        Parameters
        ----------
        keep
            Versions stay readable that are the newest, pinned, or were replaced less than this before the newest.
        """
        with self._writing("vacuum"), self._pinning():
            pinned = self.pins()
            return {
                name: vacuum_table(
                    self.folder(name),
                    contract,
                    [pin.snapshot.versions[name] for pin in pinned if name in pin.snapshot.versions],
                    keep,
                )
                for name, contract in CONTRACTS.items()
            }

    def folder(self, name: str) -> Path:
        """Return the folder of a table."""
        return self.path / name

    @contextmanager
    def _writing(self, what: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
        """Hold the writer's lock, a session and an empty room; what a killed writer left in the room goes first."""
        with refusals_in_words(str(self.path)), locked(self.path / "writer.lock", what, self.wait_seconds):
            rooms = self.path / "writing"
            shutil.rmtree(rooms, ignore_errors=True)
            rooms.mkdir(parents=True)
            try:
                with engine.session(memory_limit=self.memory_limit, threads=self.threads) as connection:
                    yield connection, rooms
            finally:
                shutil.rmtree(rooms, ignore_errors=True)

    @contextmanager
    def _pinning(self) -> Iterator[None]:
        with refusals_in_words(str(self.path)), locked(self.path / "pins.lock", "pin", self.wait_seconds):
            yield
