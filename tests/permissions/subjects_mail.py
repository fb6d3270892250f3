"""What stands in addresses of e-mail: a message belongs to its customer. The token of a link: see `subjects_core`."""

from __future__ import annotations

from datetime import date


def messages(cast):
    from regulars.web.campaigns.models import Campaign
    from regulars.web.customers.models import Customer
    from regulars.web.mail.models import Outgoing

    planned = {"channel": "email", "starts_on": date(2026, 7, 1), "owner": cast.owners["team"]}
    campaign = Campaign.objects.get_or_create(name="Planned", defaults=planned)[0]
    numbers = {}
    for whose, owner in cast.owners.items():
        team_id = owner.memberships.first().team_id
        customer = Customer.objects.create(name=f"Of {owner}", owner=owner, team_id=team_id)
        numbers[whose] = Outgoing.objects.create(campaign=campaign, customer=customer, state="sent").pk
    return numbers


SUBJECTS = {"message_id": messages}

OPEN = {
    "mail.Letter": "the text of a campaign, read with its plan",
    "mail.MailSetting": "one row, a setting",
    "mail.Suppressed": "keyed hashes, read by the sender alone",
}
