"""Simulated companies: customers, orders and a future whose truth is known.

A simulated company is the demo's data and the tests' referee. Each customer has a purchase rate λ, a way of
leaving and a mean spend ν of their own; their purchases become orders with lines, products, costs, returns and,
where asked for, the faults of real exports. Time goes on after the end of the data: what customers really did
in the next 52 weeks, and what was to be expected of them, stands beside the orders and never inside.

::

    from regulars.simulate import demo_company, simulate
    simulate(demo_company(), "demo", headers="zh", format="csv")

writes three files:

``orders.parquet`` or ``orders.csv``
    One row an order line, in order of time within each block of 65,536 customers: order number, customer, time,
    product, category, quantity, unit price, amount, unit cost, currency, channel, store, and for returns the order
    that they return. Amount is exactly quantity × unit price; an order's lines add up to its value.
``truth.parquet``
    One row a customer, sorted by ``customer_id``: ``first_purchase``, ``lambda`` and ``mu`` (per week), ``p``,
    ``nu`` (mean order value at arrival), ``growth`` (of log spend, a year), ``discount`` (from list prices),
    ``alive_at_end``, ``dropout_date`` (null where it lies beyond the future window), ``n_purchases`` (days with a
    purchase), ``revenue`` and ``profit`` of the observed window net of returns known by its end,
    ``future_purchases`` and ``future_profit`` as they happened in the future window, and
    ``expected_future_purchases`` and ``expected_future_profit`` given the true parameters and whether the customer
    is alive. Purchases are days with a purchase, as in order data; nothing is discounted for time.
``truth.json``
    All settings with the seed, and rows and money of every kind of row: sales, returns and each kind of dirt.

Worlds
    ``process`` picks Pareto/NBD, BG/NBD or MBG/NBD; spend is Gamma-Gamma. ``season``, ``regular`` (Erlang gaps),
    ``drift`` and ``rate_spend_correlation`` break the assumptions of these models on purpose.
Dirt
    Every kind adds rows; taking exactly those away leaves the clean company (see `Dirt`). Free lines cost nothing
    and fees cost what they bring, so that profit is the same with and without them.
Credit notes
    Returns lower an order but never undo it: true purchase counts hold. Orders undone in full are
    ``Dirt.cancelled``.
Determinism
    The settings fix every byte. Each block of customers has its own random stream, so memory is bounded and no
    order of work matters; a dirty and a clean company with the same seed agree in all clean rows but for the
    order numbers, which count the added orders too.

`run_campaign` lets an offer to part of a list happen whose effect is known (`Campaign`): given-away discounts and
orders pulled forward included. `arrivals_and_counts` skips orders and lines and returns x, t_x, T and the future for
tests of models. `bench_company` and `demo_company` are ready settings.

References
----------
Schmittlein, Morrison & Colombo (1987), Pareto/NBD. Fader, Hardie & Lee (2005), BG/NBD. Batislam, Denizel &
Filiztekin (2007), MBG/NBD. Fader & Hardie (2013), Gamma-Gamma.
"""

from regulars.simulate.campaigns import Campaign, Lived, run_campaign
from regulars.simulate.company import EVERYDAY_DIRT, Company, Dirt, bench_company, demo_company
from regulars.simulate.counts import Counts, arrivals_and_counts
from regulars.simulate.writing import Simulated, simulate, write_orders

__all__ = [
    "EVERYDAY_DIRT",
    "Campaign",
    "Company",
    "Counts",
    "Dirt",
    "Lived",
    "Simulated",
    "arrivals_and_counts",
    "bench_company",
    "demo_company",
    "run_campaign",
    "simulate",
    "write_orders",
]
