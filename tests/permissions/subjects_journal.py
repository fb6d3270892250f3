"""What stands in addresses of the log: see `test_permissions_routes.py`."""

from __future__ import annotations


def entries(cast):
    from regulars.web.customers.models import Customer
    from regulars.web.journal.models import Entry

    numbers = {}
    for whose, owner in cast.owners.items():
        team_id = owner.memberships.first().team_id
        customer = Customer.objects.create(name=f"Of {owner}", owner=owner, team_id=team_id)
        entry = Entry.objects.create(
            customer=customer, kind="call", occurred_at=customer.created_at, summary="Called", event="Called",
            representative=owner, author=owner,
        )  # fmt: skip
        numbers[whose] = entry.pk
    return numbers


SUBJECTS = {"entry_id": entries}
