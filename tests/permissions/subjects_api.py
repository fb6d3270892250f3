"""What stands in addresses of the interface and of tokens: see `test_permissions_api.py`, too."""

from __future__ import annotations


def tokens(cast):
    from datetime import timedelta

    from django.utils import timezone

    from regulars.web.api.models import Token

    until = timezone.now() + timedelta(days=1)
    return next(
        Token.objects.get_or_create(
            digest=f"of {owner.pk}", defaults={"user": owner, "name": "Till", "expires_at": until}
        )[0].pk
        for whose, owner in cast.owners.items()
        if whose == "own"
    )


def batches(cast):
    from regulars.web.api.models import Batch

    return {whose: Batch.objects.create(user=owner, n_lines=1).pk for whose, owner in cast.owners.items()}


SUBJECTS = {
    "own_token_id": tokens,  # a person's own alone, administrators' too: somebody else's is in tests/web/api
    "batch_id": batches,
}
