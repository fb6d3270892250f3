"""Files and folders: what each one is, whether it can be read, and the DuckDB scan over it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa

from regulars import engine
from regulars.errors import InputError
from regulars.ingest import delimited, encodings, excel
from regulars.ingest.columns import Look, look, missing, recognise
from regulars.ingest.headers import known
from regulars.ingest.source import BROKEN, FILE_SPAN, Source, none_broken
from regulars.words import T

KINDS = {
    ".csv": "text", ".tsv": "text", ".txt": "text", ".tab": "text",
    ".xlsx": "excel", ".xlsm": "excel", ".xls": "excel",
    ".parquet": "parquet", ".pq": "parquet",
}  # fmt: skip

_rejects = count()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in a workbook: names that a header may have, and whether a sheet's columns are it."""

    knows: Callable[[str], bool]
    fits: Callable[[Mapping[str, Look]], bool]


ORDERS = Wanted(known, lambda looks: not missing(recognise(looks, {})))


@dataclass(frozen=True, slots=True)
class _Part:
    """One file: its scan for the first pass and for every later one, its columns, and where its rows begin."""

    first: str
    later: str
    columns: list[str]
    label: str
    first_row: int
    rejects: str | None = None
    semicolons: bool = False
    mac: bool = False


def kind_of(path: Path) -> str | None:
    """Return what a file is by its name: "text", "excel", "parquet", or None."""
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        inner = KINDS.get(suffixes[-2]) if len(suffixes) > 1 else "text"
        return inner if inner == "text" else None
    return KINDS.get(suffixes[-1]) if suffixes else None


def _missing(path: Path) -> InputError:
    return InputError(
        T(zh="找不到这个文件", en="there is no such file"),
        where=str(path),
        remedy=T(zh="检查路径。", en="Check the path."),
    )


def _unsupported(path: Path) -> InputError:
    return InputError(
        T(zh="不支持这种文件", en="files of this kind are not supported"),
        where=path.name,
        remedy=T(
            zh="给 CSV、TSV、Excel（.xlsx、.xls）、Parquet，或装着它们的文件夹。",
            en="Give CSV, TSV, Excel (.xlsx, .xls), Parquet, or a folder of these.",
        ),
    )


def listing(path: Path) -> list[Path]:
    """Return the files to read, in the order of their names.

    Raises
    ------
    InputError
        When the path does not exist, may not be read, or holds nothing that we can read.
    """
    try:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "_", "~$")))
            usable = [p for p in inside if kind_of(p)]
            if not usable:
                raise _unsupported(path)
            return usable
        if not path.exists():
            raise _missing(path)
        with path.open("rb") as probe:
            probe.read(1)
    except PermissionError as error:
        raise InputError(
            T(zh="没有权限读取", en="no permission to read it"),
            where=str(path),
            remedy=T(zh="检查文件的权限。", en="Check the file's permissions."),
        ) from error
    except OSError as error:
        raise _missing(path) from error
    if kind_of(path) is None:
        raise _unsupported(path)
    return [path]


def _text_part(path: Path, room: Path) -> _Part:
    encoding = encodings.detect(path)
    dialect = delimited.sniff(path, encoding)
    at = _safe(path, room)
    if encoding not in ("utf-8", "utf-8-sig"):
        at = room / f"utf8-{next(_rejects)}.csv"
        encodings.transcode(path, encoding, at)
    rejects = f"regulars_rejects_{next(_rejects)}"
    return _Part(
        first=delimited.scan_sql(at, dialect, rejects=rejects),
        later=delimited.scan_sql(at, dialect, rejects=None),
        columns=dialect.names,
        label=path.name,
        first_row=dialect.skip + 2,
        rejects=rejects,
        semicolons=dialect.delimiter == ";",
    )


def _safe(path: Path, room: Path) -> Path:
    """Return a path without the characters that DuckDB takes for a pattern."""
    if not set("*?[]{}") & set(str(path)):
        return path
    suffixes = "".join(s for s in path.suffixes[-2:] if not set("*?[]{}") & set(s))
    link = room / f"link-{next(_rejects)}{suffixes}"
    link.symlink_to(path.resolve())
    return link


def _parquet_part(path: Path, room: Path, connection: duckdb.DuckDBPyConnection) -> _Part:
    scan = f"read_parquet({delimited.quoted(str(_safe(path, room)))})"
    try:
        columns = [str(row[0]) for row in connection.execute(f"describe from {scan}").fetchall()]
        rows = connection.execute(f"select count(*) from {scan}").fetchall()[0][0]  # noqa: S608
    except duckdb.Error as error:
        if path.stat().st_size == 0:
            raise delimited.empty(path) from error
        raise InputError(
            T(zh="不是 Parquet 文件或已损坏", en="this is no Parquet file, or it is damaged"),
            where=path.name,
            remedy=T(zh="重新导出这个文件。", en="Export the file again."),
        ) from error
    if len(columns) > delimited.MAX_COLUMNS:
        raise delimited.too_wide(path, len(columns))
    if rows == 0:
        raise delimited.header_only(path)
    sql = f"select *, file_row_number as _n from {scan}"  # noqa: S608
    return _Part(sql, sql, columns, path.name, 1)


def _excel_part(path: Path, connection: duckdb.DuckDBPyConnection, keep: ExitStack, wanted: Wanted) -> _Part:
    chosen: excel.Sheet | None = None
    for sheet in excel.sheets(path, wanted.knows):
        chosen = chosen or sheet
        table = sheet.table.drop_columns(["_n"])
        schema = dict(engine.frame(table.slice(0, 1)).collect_schema()) if table.num_rows else {}
        if schema and wanted.fits(look(table.slice(0, 500), schema)):
            chosen = sheet
            break
    if chosen is None:
        raise delimited.empty(path)
    if chosen.table.num_rows == 0:
        raise delimited.header_only(path)
    name = f"regulars_sheet_{next(_rejects)}"
    incoming = chosen.table
    connection.register(f"{name}_arrow", incoming)
    connection.execute(f"create temp table {name} as from {name}_arrow")
    connection.unregister(f"{name}_arrow")
    keep.callback(connection.execute, f"drop table if exists {name}")
    label = f"{path.name}[{chosen.name}]"
    sql = f"select * from {name}"  # noqa: S608
    return _Part(sql, sql, chosen.table.column_names[:-1], label, 1, mac=excel.starts_1904(path))


def _same_columns(parts: Sequence[_Part]) -> None:
    want = {c.lower() for c in parts[0].columns}
    for part in parts[1:]:
        have = {c.lower() for c in part.columns}
        if have != want:
            odd = sorted(want ^ have)[0]
            raise InputError(
                T(
                    zh=f"与 {parts[0].label} 的列不一样（{odd}）",
                    en=f"its columns differ from those of {parts[0].label} ({odd})",
                ),
                where=part.label,
                remedy=T(zh="一个文件夹里的文件要有相同的列。", en="The files of a folder must have the same columns."),
            )


def _union(parts: Sequence[_Part], scans: Sequence[str], *, as_text: bool) -> str:
    cells = [f'"{c.replace(chr(34), chr(34) * 2)}"' for c in parts[0].columns]
    names = ", ".join(f"cast({c} as varchar) as {c}" if as_text else c for c in cells)
    return " union all ".join(
        f"(select {names}, {i * FILE_SPAN} + _n as _id from ({scan}))"  # noqa: S608 - names are quoted
        for i, scan in enumerate(scans)
    )


def _broken(connection: duckdb.DuckDBPyConnection, parts: Sequence[_Part]) -> pa.Table:
    found = []
    for i, part in enumerate(parts):
        if part.rejects is None:
            continue
        skipped = part.first_row - 2
        found.append(
            f"select {i}::bigint as file, (line + {skipped})::bigint as row, "  # noqa: S608 - our own table
            f"trim(any_value(csv_line), chr(13) || chr(10))::varchar as value from {part.rejects} group by line"
        )
    if not found:
        return none_broken()
    table: pa.Table = connection.sql(" union all ".join(found) + " order by file, row").to_arrow_table()
    return table.cast(BROKEN)


def open_files(path: Path, connection: duckdb.DuckDBPyConnection, wanted: Wanted = ORDERS) -> Source:
    """Open a file or a folder of files as one source on `connection`; `wanted` finds the sheet of a workbook.

    Raises
    ------
    InputError
        When a file is missing, empty, damaged, of an unknown kind, or differs in its columns from the others.
    """
    keep = ExitStack()
    try:
        room = Path(keep.enter_context(tempfile.TemporaryDirectory(prefix="regulars-read-")))
        parts = []
        for file in listing(path):
            kind = kind_of(file)
            if kind == "text":
                parts.append(_text_part(file, room))
                for table in (f"{parts[-1].rejects}", f"{parts[-1].rejects}_scan"):
                    keep.callback(connection.execute, f"drop table if exists {table}")
            elif kind == "parquet":
                parts.append(_parquet_part(file, room, connection))
            else:
                parts.append(_excel_part(file, connection, keep, wanted))
        _same_columns(parts)
        as_text = len({kind_of(f) == "parquet" for f in listing(path)}) > 1
        first = _union(parts, [p.first for p in parts], as_text=as_text)
        later = _union(parts, [p.later for p in parts], as_text=as_text)
        return Source(
            table=engine.frame(connection.sql(later)),
            columns=parts[0].columns,
            labels=[p.label for p in parts],
            first_rows=[p.first_row for p in parts],
            semicolons=any(p.semicolons for p in parts),
            mac=any(p.mac for p in parts),
            broken=lambda: _broken(connection, parts),
            first_pass=engine.frame(connection.sql(first)),
            keep=keep,
        )
    except BaseException:
        keep.close()
        raise
