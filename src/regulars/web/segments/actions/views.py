"""Keeping views of the list."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from regulars.web.core.actor import Actor
from regulars.web.customers.actions.editing import team_of
from regulars.web.segments.actions.trail import READ, check, mine, note
from regulars.web.segments.models import FirstView, SavedView, Shared
from regulars.web.segments.state import ListState

MOST = 100
"""Views that a person may keep."""


@transaction.atomic
def save_view(*, name: str, state: ListState, by: Actor, shared: str = Shared.OWN, first: bool = False) -> SavedView:
    """Keep the list as it is shown now under a name.

    Raises
    ------
    PermissionDenied
        Without the right.
    ValidationError
        For an empty name, for sharing by who may not, for more than `MOST` views.
    """
    by.require(READ)
    check(name, shared, by)
    if SavedView.objects.filter(owner_id=by.user_id or 0).count() >= MOST:
        raise ValidationError(_("%(n)s views are the most: delete one first.") % {"n": MOST})
    view = SavedView.objects.create(
        name=name.strip(), owner_id=by.user_id or 0, team_id=team_of(by.user_id), shared=shared, asked=state.as_json()
    )
    if first:
        open_with(view=view, by=by)
    note("create", view, by, shared=shared)
    return view


@transaction.atomic
def change_view(
    *, view: SavedView, name: str, shared: str, version: int, by: Actor, state: ListState | None = None
) -> None:
    """Rename or share a view; with `state`, let it show that.

    Raises
    ------
    PermissionDenied
        Without the right, or for somebody else's.
    Conflict
        When it has changed since.
    """
    mine(view, by, READ)
    check(name, shared, by, was=view.shared)
    view.claim(version)
    view.name, view.shared = name.strip(), shared
    if state is not None:
        view.asked = state.as_json()
    view.save(update_fields=["name", "shared", "asked"])
    note("update", view, by, fields=["name", "shared", *(["asked"] if state is not None else [])])


@transaction.atomic
def delete_view(*, view: SavedView, by: Actor) -> None:
    """Delete a view; who opened their list with it opens it with all customers."""
    mine(view, by, READ)
    note("delete", view, by)
    view.delete()


@transaction.atomic
def open_with(*, view: SavedView | None, by: Actor) -> None:
    """Let one's list open with `view`; None: with all customers."""
    by.require(READ)
    if view is None:
        FirstView.objects.filter(user_id=by.user_id or 0).delete()
    else:
        FirstView.objects.update_or_create(user_id=by.user_id or 0, defaults={"view": view})
