"""Deciding how to read a source: its columns, dates, numbers and currency, from a sample and the user's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.errors import InputError
from regulars.ingest import currency, mapping, moments, numerals
from regulars.ingest.advice import require
from regulars.ingest.columns import NUMBERS, Found, Look, look, recognise
from regulars.ingest.evidence import weigh
from regulars.ingest.headers import compact
from regulars.ingest.lines import GROUP, Plan
from regulars.ingest.mapping import MapFile
from regulars.ingest.options import DateOrder, ReadOptions
from regulars.ingest.source import Source
from regulars.words import T

SAMPLE = 20_000


def take_sample(source: Source) -> tuple[pa.Table, Mapping[str, nw.dtypes.DType]]:
    """Return the first rows of a source and its schema."""
    schema = source.table.select(source.columns).collect_schema()
    return engine.to_arrow(source.table.select(source.columns).head(SAMPLE)), schema


def find_columns(source: Source, options: ReadOptions, said: MapFile) -> tuple[list[Found], dict[str, Look]]:
    """Return the columns found and a look at each.

    Raises
    ------
    InputError
        When a required column is not found or the map names one that does not exist.
    """
    sample, schema = take_sample(source)
    if sample.num_rows == 0:
        raise InputError(
            T(zh="没有数据行", en="there are no rows"),
            where=source.name,
            remedy=T(zh="请导出包含订单行的文件。", en="Export the file with its order lines."),
        )
    looks = look(sample, schema)
    given = mapping.check_columns(said.columns, source.columns, options.map_file or "") if said.columns else {}
    found = recognise(looks, given)
    require(found, looks, source.name)
    return weigh(found, sample, hint_comma=source.semicolons), looks


def _is_whole(column: Look) -> bool:
    return column.dtype == nw.String and any(t.strip().endswith(".0") for t in column.texts)


def moment_style(
    source: Source, column: str, sight: Look, order: DateOrder | None, extra: Sequence[str] = ()
) -> moments.MomentStyle:
    """Return how the dates of a column are written; `extra` are cells beyond the sample.

    Raises
    ------
    InputError
        When no date tells day from month and `order` does not say it.
    """
    if sight.dtype == nw.Date or isinstance(sight.dtype, nw.Datetime):
        return moments.MomentStyle()
    texts = [*sight.texts, *extra]
    style, evidence, _ = moments.sniff(texts, order=order)
    if moments.needs_order(style):
        if evidence[0] == evidence[1]:
            evidence = moments.order_evidence(source.table, column)
        example = next((t for t in texts if "{0}" in "".join(moments.sniff([t])[0].formats)), "")
        style = replace(style, order=moments.decide_order(evidence, column, source.name, example.strip()))
    return moments.ordered(style)


def make_plan(
    source: Source,
    found: Sequence[Found],
    looks: Mapping[str, Look],
    options: ReadOptions,
    *,
    odd: Mapping[str, Sequence[str]] | None = None,
) -> Plan:
    """Return how to read the source.

    Parameters
    ----------
    odd
        By source column, cells that an earlier plan could not read: they widen the styles.
    """
    odd = odd or {}
    columns = {f.canonical: f.column for f in found}
    if options.group is not None:
        columns[GROUP] = group_column(source, columns, options.group)
    numbers = [t for c in NUMBERS if c in columns for t in (*looks[columns[c]].texts, *odd.get(columns[c], ()))]
    when = columns["ordered_at"]
    return Plan(
        columns=columns,
        moment=moment_style(source, when, looks[when], options.date_order, odd.get(when, ())),
        number=replace(numerals.sniff(numbers, hint_comma=source.semicolons), signs=currency.signs_of(looks, columns)),
        whole=frozenset(
            c for c in ("customer_id", "order_id", "product_id") if c in columns and _is_whole(looks[columns[c]])
        ),
        zone=options.timezone,
        mac=source.mac,
        rates=options.rates,
        currency=options.currency,
    )


def group_column(source: Source, columns: Mapping[str, str], name: str) -> str:
    """Return the source's column by which customers are grouped: of that name, or of that name among ours.

    Raises
    ------
    InputError
        When there is none, naming what there is.
    """
    if name in source.columns:
        return name
    if name in columns:
        return columns[name]
    alike = [column for column in source.columns if compact(column) == compact(name)]
    if len(alike) == 1:
        return alike[0]
    raise InputError(
        T(zh="没有 {name} 这一列", en="there is no column {name}").format(name=repr(name)),
        where=source.name,
        remedy=T(zh="写出其中一列：{all}。", en="Name one of these: {all}.").format(all=", ".join(source.columns)),
    )


def settle_currency(source: Source, plan: Plan, options: ReadOptions) -> str | None:
    """Return the one currency of the amounts, None where nothing says it; see `currency.settle`."""
    return currency.settle(source, plan, options)
