"""How allauth behaves here: nobody signs up by themselves; the company's provider only opens accounts that exist."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.accounts.access import NOBODY
from regulars.web.accounts.models import User

_MISMATCH = _("Name and password do not fit together.")
_WRONG_CODE = _("This code is wrong or too old.")


class AccountAdapter(DefaultAccountAdapter):
    """Closed to strangers, and plain in words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _MISMATCH,
        "username_password_mismatch": _MISMATCH,
        "invalid_login": _MISMATCH,
        "enter_current_password": _("This is not the password of now."),
        "incorrect_password": _("This is not the password."),
        "incorrect_code": _WRONG_CODE,
        "too_many_login_attempts": _("Too many attempts failed. The door opens again in a quarter of an hour."),
        "rate_limited": _("Too many requests. Wait a minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Administrators add people; the public cannot."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: a page that opens says enough."""


class OidcAdapter(DefaultSocialAccountAdapter):
    """The company's identity provider."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Open the account with the address that the provider vouches for; who has none here is told why.

        Not allauth's own sign-in by address: it takes the password away from whoever comes this way first, against
        people who sign up under another's address. Here administrators enter the addresses.
        """
        if sociallogin.is_existing or sociallogin.state.get("process") != "login":
            return
        given = [one.email for one in sociallogin.email_addresses]
        proved = [one.email for one in sociallogin.email_addresses if one.verified]
        for address in proved:
            if user := User.objects.filter(email__iexact=address).first():
                sociallogin.connect(request, user)
                return
        audit.record(actor=NOBODY, verb="sign-in-refused", subject_type="accounts.user", subject_id="")
        why = {"address": (proved or given or [""])[0], "proved": bool(proved), "provider": sociallogin.provider.name}
        raise ImmediateHttpResponse(render(request, "socialaccount/unknown.html", why, status=403))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Who has no account here is not given one by signing in elsewhere."""
        return False


class MfaAdapter(DefaultMFAAdapter):
    """The second factor."""

    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": _WRONG_CODE}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the product in the browser's own dialog."""
        return {**super().get_public_key_credential_rp_entity(), "name": "Regulars"}

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Name the account in the person's authenticator."""
        return str(user.get_username())
