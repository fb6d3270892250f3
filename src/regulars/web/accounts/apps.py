"""Users, teams, roles."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """People and access."""

    name = "regulars.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Keep the default roles in step with the rights that the apps declare; write the trail of sign-ins."""
        from regulars.web.accounts import sign_ins
        from regulars.web.accounts.roles import sync_roles

        post_migrate.connect(lambda **_: sync_roles(), sender=self, weak=False, dispatch_uid="regulars.roles")
        sign_ins.listen()
