"""Addresses: the door, the person's own pages, and the administration of people."""

from __future__ import annotations

from django.urls import path

from regulars.web.accounts import door_urls
from regulars.web.accounts.views import people, profile, roles, settings, teams, welcome

urlpatterns = [
    *door_urls.urlpatterns,
    path("welcome/<str:key>/<str:token>/", welcome.welcome, name="welcome"),
    path("profile/", profile.profile, name="profile"),
    path("settings/", settings.overview, name="settings"),
    path("settings/workspace/", settings.workspace, name="workspace"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/new/", people.add, name="person_add"),
    path("settings/people/<int:user_id>/", people.person, name="person"),
    path("settings/people/<int:user_id>/link/", people.link, name="person_link"),
    path("settings/people/<int:user_id>/deactivate/", people.deactivate, name="person_deactivate"),
    path("settings/people/<int:user_id>/reactivate/", people.reactivate, name="person_reactivate"),
    path("settings/people/<int:user_id>/second-factor/", people.second_factor, name="person_second_factor"),
    path("settings/teams/", teams.teams, name="teams"),
    path("settings/teams/new/", teams.add, name="team_add"),
    path("settings/teams/<int:team_id>/", teams.team, name="team"),
    path("settings/roles/", roles.roles, name="roles"),
    path("settings/roles/new/", roles.add, name="role_add"),
    path("settings/roles/<int:role_id>/", roles.role, name="role"),
]
