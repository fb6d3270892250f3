"""What stands in addresses of customers: see `test_permissions_routes.py`."""

from __future__ import annotations


def made(cast):
    """One organisation for each owner, with one of everything that hangs on a customer; made once for a cast."""
    from regulars.web.customers.models import Card, Contact, ContactPoint, Customer, TeamMember

    if hasattr(cast, "customers"):
        return cast.customers
    cast.customers = {}
    for whose, owner in cast.owners.items():
        team_id = owner.memberships.first().team_id
        one = Customer.objects.create(name=f"Of {owner}", kind="organisation", owner=owner, team_id=team_id)
        cast.customers[whose] = {
            "customer_id": one.pk,
            "point_id": ContactPoint.objects.create(customer=one, kind="mobile", value="13800138000").pk,
            "contact_id": Contact.objects.create(customer=one, name="Xu Man").pk,
            "card_id": Card.objects.create(customer=one, number=f"VIP {one.pk}").pk,
            "member_id": TeamMember.objects.create(customer=one, user=owner, part="lead").pk,
        }
    return cast.customers


def number(name):
    return lambda cast: {whose: numbers[name] for whose, numbers in made(cast).items()}


SUBJECTS = {name: number(name) for name in ("customer_id", "point_id", "contact_id", "card_id", "member_id")}

OPEN = {
    "customers.Tag": "words, read with the customers that carry them",
    "customers.ExternalIdentity": "read through customers.selectors.profile by who may read personal fields",
    "customers.Suppression": "hashes, asked for by imports alone",
    "customers.Classified": "by which valuation customers were classified",
}
