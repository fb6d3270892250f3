"""A large company, drawn straight into the tables: what is measured is how it is read."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from typing import Any

AS_OF = date(2026, 6, 30)
OWNERS, BRANCHES, REGIONS = 200, 20, 4
OWNED = 0.6
"""Share of the customers that somebody owns; in even parts."""
LINES = 2.6
"""Order lines a customer, on average, over two years."""
TASKS, ENTRIES = 50_000, 100_000
MONEY = (
    "revenue", "net_profit", "future_value", "future_value_low", "future_value_high", "customer_value", "value_at_risk",
)  # fmt: skip
RULES = {"matrix": {"quantile": 0.8, "current": 1000.0, "future": 1000.0}, "rfm_edges": {}}


def people() -> None:
    """Add a head office, regions and branches, ten owners in each branch, and a manager at each level."""
    from regulars.web.accounts.models import Membership, Role, Team, User

    office = Team.objects.get()
    roles = {role.key: role for role in Role.objects.all()}
    regions = [Team.objects.create(name=f"Region {i}", kind="region", parent=office) for i in range(REGIONS)]
    branches = [Team.objects.create(name=f"Branch {i}", parent=regions[i % REGIONS]) for i in range(BRANCHES)]

    def join(name: str, team: Team, role: str) -> None:
        user = User.objects.create(username=name, name=name.title(), password="!")
        Membership.objects.create(user=user, team=team, role=roles[role])

    for i in range(OWNERS):
        join(f"owner{i}", branches[i % BRANCHES], "account_manager")
    for name, team in (("chief", office), ("regional", regions[0]), ("local", branches[0])):
        join(name, team, "manager")


def customers(n: int) -> list[int]:
    """Fill up to `n` customers with a phone each; return every number in order."""
    from regulars.web.accounts.models import Membership, User
    from regulars.web.customers.models import ContactPoint, Customer, Tag, TeamMember, random_id

    draw = random.Random(20261122)
    owners = list(User.objects.filter(username__startswith="owner").order_by("pk").values_list("pk", flat=True))
    teams = dict(Membership.objects.filter(user__in=owners).values_list("user_id", "team_id"))
    stages = ["establish"] * 49 + ["develop"] * 20 + ["maintain"] * 30 + ["break"]
    regions = [f"Region {i}" for i in range(30)]
    began = datetime(2024, 7, 1, tzinfo=UTC)

    def one(i: int) -> Any:
        owner = draw.choice(owners) if draw.random() < OWNED else None
        one = Customer(
            id=random_id(), name=f"Customer {i}", owner_id=owner, team_id=teams[owner] if owner else None,
            stage=draw.choice(stages), region=draw.choice(regions), name_key=f"customer{i}",
        )  # fmt: skip
        one.created_at = began + timedelta(minutes=i)
        return one

    for part in batched(range(Customer.objects.count(), n), 20_000):
        made = Customer.objects.bulk_create([one(i) for i in part])
        points = (
            ContactPoint(customer=row, kind="mobile", value=(number := f"139{i:08d}"), key=number)
            for i, row in zip(part, made, strict=True)
        )
        ContactPoint.objects.bulk_create(points)
    numbers = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    tag, carries = Tag.objects.create(name="vip"), Customer.tags.through
    tagged = draw.sample(numbers, len(numbers) // 100)
    carries.objects.bulk_create([carries(customer_id=one, tag=tag) for one in tagged], batch_size=5_000)
    helped = [(owner, one) for owner in owners for one in draw.sample(numbers, 20)]
    TeamMember.objects.bulk_create(
        [TeamMember(customer_id=one, user_id=owner, part="service") for owner, one in helped], ignore_conflicts=True
    )
    return numbers


def lines(numbers: list[int]) -> int:
    """Write two years of order lines into the lake; return how many."""
    import pyarrow as pa

    from regulars import engine
    from regulars.web.facts import access

    n = int(len(numbers) * LINES)
    with engine.session(memory_limit="1GB") as connection:
        connection.execute("select setseed(0.5)").fetchall()
        connection.register("numbers", pa.table({"customer_id": pa.array(numbers, pa.int64())}))
        connection.execute(
            f"create table lines as with drawn as (select range as i, 1 + (random() * random() * {len(numbers) - 1})"
            f"::bigint as place, date '{AS_OF}' - (random() * 729)::integer as day from range({n})), known as (select "
            "customer_id, row_number() over (order by hash(customer_id)) as place from numbers) select 'O' || i as "
            "order_id, 1 as line_no, customer_id, day::timestamptz as ordered_at, day as business_date, day as "
            "occasion_date, 'P' || (i % 500) as product_id, 'C' || (i % 20) as category, true as is_product, "
            "1::decimal(18, 4) as quantity, (exp(random() * 6) * 5)::decimal(18, 4) as net_amount, "
            "(exp(random() * 6) * 2)::decimal(18, 4) as cost_amount, 'CNY' as currency, 'sale' as kind "
            "from drawn join known using (place)"
        ).fetchall()
        products = connection.sql("select 'P' || range as product_id, 'Product ' || range as name from range(500)")
        store, at = access.lake(), datetime(2026, 7, 1, tzinfo=UTC)
        store.write("products", products.to_arrow_table(), source="shop", recorded_at=at)
        store.write("transaction_lines", connection.table("lines"), source="shop", recorded_at=at, zone="UTC")
    return n


def work(numbers: list[int], valuation: int) -> None:
    """Add tasks of the valuation's alerts, and entries in the log."""
    from regulars.web.accounts.models import Membership
    from regulars.web.customers.models import Customer
    from regulars.web.journal.models import Entry
    from regulars.web.tasks.alerts import ALERTS
    from regulars.web.tasks.models import Task

    draw, kinds = random.Random(5), list(ALERTS)
    chosen = Customer.objects.in_bulk(draw.sample(numbers, min(len(numbers), TASKS)))
    someone = Membership.objects.values_list("user_id", flat=True)[0]
    Task.objects.bulk_create(
        (
            Task(
                customer=one, kind=kinds[i % len(kinds)], once=True, at_stake=round(draw.expovariate(0.001), 2),
                stake="value_at_risk", currency="CNY", owner_id=one.owner_id, team_id=one.team_id,
                due_on=AS_OF + timedelta(days=draw.randrange(300)), valuation_id=valuation,
            )
            for i, one in enumerate(chosen.values())
        ),
        batch_size=5_000,
    )  # fmt: skip
    told = draw.choices(numbers, k=ENTRIES) + [numbers[len(numbers) // 2]] * 30
    Entry.objects.bulk_create(
        (
            Entry(
                customer_id=one, kind="call", summary=f"Call {i}", representative_id=someone, author_id=someone,
                occurred_at=datetime(2025, 7, 1, tzinfo=UTC) + timedelta(minutes=i % 500_000),
            )
            for i, one in enumerate(told)
        ),
        batch_size=5_000,
    )  # fmt: skip


def values(numbers: Iterable[int], valuation: int, *, as_of: date) -> None:
    """Draw a valuation's file instead of reckoning it."""
    import duckdb
    import pyarrow as pa

    from regulars.lake import contract_of
    from regulars.valuation.columns import TYPES
    from regulars.web.facts import access

    folder = access.valuation_folder(valuation)
    folder.mkdir(parents=True)
    kinds = {column.name: column.kind.sql for column in contract_of("customer_value").columns}
    drawn = {
        "as_of": f"date '{as_of}'", "currency": "'CNY'", "n_purchases": "1 + (random() * 40)::bigint",
        "first_purchase": "date '2025-01-01' + (random() * 300)::integer",
        "last_purchase": f"date '{as_of}' - (random() * 300)::integer",
        "next_order_due": f"case when random() < 0.8 then date '{as_of}' + (random() * 90)::integer end",
        "days_since_last_purchase": "(random() * 300)::bigint", "r_score": "1 + (random() * 4)::bigint",
        "f_score": "1 + (random() * 4)::bigint", "p_alive": "random()", "at_risk": "random() < 0.1", "rfm": "'545'",
        "visit_change": "'same'", "strategy": "['enhance', 'keep', 'rebuild'][1 + (random() * 2.99)::integer]",
        "matrix": "['I', 'II', 'III', 'IV'][1 + (random() * 3.99)::integer]",
        "tier": "['gold', 'silver', 'bronze'][1 + (random() * 2.99)::integer]",
        "visit_class": "['A', 'B', 'C', 'D'][1 + (random() * 3.99)::integer]",
        "lifetime_revenue": "(exp(random() * 10) * 5)::decimal(18, 4)",
        **dict.fromkeys(MONEY, "(exp(random() * 10) * 3)::decimal(18, 4)"),
    }  # fmt: skip
    columns = ", ".join(f'({drawn.get(name, "null")})::{kinds[name]} as "{name}"' for name in TYPES)
    with duckdb.connect() as connection:
        connection.execute("select setseed(0.25)").fetchall()
        connection.register("numbers", pa.table({"customer_id": pa.array(numbers, pa.int64())}))
        target = folder / access.VALUE_FILE
        connection.execute(f"copy (select customer_id, {columns} from numbers order by 1) to '{target}'").fetchall()
    said = {
        "as_of": str(as_of),
        "currency": "CNY",
        "basis": "net_profit",
        "snapshot": access.lake().snapshot().versions,
    }
    (folder / access.RUN_FILE).write_text(json.dumps(said))
