"""What stands in addresses of the shared apps: see `test_permissions_routes.py`."""

from __future__ import annotations


def jobs(cast):
    from regulars.web.core.models import Job

    return {whose: Job.objects.create(kind="x", started_by=owner).pk for whose, owner in cast.owners.items()}


SUBJECTS = {
    "job_id": jobs,
    "user_id": lambda cast: cast.owners["team"].pk,  # administrators alone, and these reach everyone
    "team_id": lambda cast: cast.teams.own.pk,
    "role_id": lambda cast: cast.role.pk,
    "key": lambda cast: "MQ",
    "token": lambda cast: "made-up",
    "provider_id": lambda cast: "company",
    "pk": lambda cast: 1,  # a security key: allauth looks among the person's own
}
PERSONAL = {"job_id"}
"""Records with an owner and no team: a team's scope reaches one's own alone."""

OPEN = {
    "core.Workspace": "one row that every page shows",
    "core.Pulse": "workers, not people's records",
    "core.Tick": "times of chores",
    "accounts.User": "read through accounts.selectors: administrators all, others their colleagues",
    "accounts.Team": "read through accounts.selectors.teams",
    "accounts.Role": "read by administrators",
    "accounts.RolePermission": "read by administrators",
    "accounts.KnownPermission": "names of rights",
    "accounts.Membership": "read by administrators, and one's own",
    "audit.Entry": "read through audit.selectors.trail, by the right audit.read alone",
}
