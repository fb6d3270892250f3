"""What stands in addresses of views, segments and exports: see `test_permissions_routes.py`."""

from __future__ import annotations


def kept(cast, model):
    """One thing that each owner keeps for themselves: their scope reaches others' as it does their customers."""
    return {
        whose: model.objects.create(name="Kept", owner=owner, team_id=owner.memberships.first().team_id).pk
        for whose, owner in cast.owners.items()
    }


def views(cast):
    from regulars.web.segments.models import SavedView

    return kept(cast, SavedView)


def segments(cast):
    from regulars.web.segments.models import Segment

    return kept(cast, Segment)


def export(cast):
    """A colleague's: nobody else fetches it, whatever they reach (tests/web/segments)."""
    from regulars.web.segments.models import Export

    return Export.objects.create(ordered_by=cast.owners["team"], format="csv").pk


SUBJECTS = {"view_id": views, "segment_id": segments, "export_id": export}

OPEN = {"segments.FirstView": "which view one's own list opens with"}
