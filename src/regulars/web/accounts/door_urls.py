"""allauth's pages under our addresses, each with its declaration; what is not listed here does not exist."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import views as door
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.socialaccount import views as social
from django.urls import URLPattern, path

from regulars.web.accounts.views import provider
from regulars.web.core.access import ANYONE, SIGNED_IN, page

Declare = Callable[[Any], Any]
anyone: Declare = page(permission=ANYONE, kind="write")
own: Declare = page(permission=SIGNED_IN, kind="write")
reads: Declare = page(permission=SIGNED_IN, kind="read")

urlpatterns: list[URLPattern] = [
    path("sign-in/", anyone(door.login), name="account_login"),
    path("sign-in/code/", anyone(second.authenticate), name="mfa_authenticate"),
    path("sign-in/inactive/", anyone(door.account_inactive), name="account_inactive"),
    path("sign-in/closed/", anyone(door.signup), name="account_signup"),  # who is sent here reads that it is closed
    path("sign-in/with/<str:provider_id>/", anyone(provider.login), name="openid_connect_login"),
    path("sign-in/with/<str:provider_id>/back/", anyone(provider.callback), name="openid_connect_callback"),
    path("sign-in/cancelled/", anyone(social.login_cancelled), name="socialaccount_login_cancelled"),
    path("sign-in/refused/", anyone(social.login_error), name="socialaccount_login_error"),
    path("sign-in/unknown/", anyone(social.signup), name="socialaccount_signup"),
    path("sign-out/", anyone(door.logout), name="account_logout"),
    path("profile/again/", own(door.reauthenticate), name="account_reauthenticate"),
    path("profile/again/code/", own(second.reauthenticate), name="mfa_reauthenticate"),
    path("profile/again/key/", own(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("profile/password/", own(door.password_change), name="account_change_password"),
    path("profile/password/first/", own(door.password_set), name="account_set_password"),
    path("profile/provider/", own(social.connections), name="socialaccount_connections"),
    path("profile/second-factor/", own(second.index), name="mfa_index"),
    path("profile/second-factor/app/", own(totp.activate_totp), name="mfa_activate_totp"),
    path("profile/second-factor/app/remove/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("profile/second-factor/codes/", reads(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("profile/second-factor/codes/new/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("profile/second-factor/codes/file/", reads(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("profile/second-factor/keys/", own(keys.list_webauthn), name="mfa_list_webauthn"),
    path("profile/second-factor/keys/new/", own(keys.add_webauthn), name="mfa_add_webauthn"),
    path("profile/second-factor/keys/<int:pk>/", own(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path("profile/second-factor/keys/<int:pk>/remove/", own(keys.remove_webauthn), name="mfa_remove_webauthn"),
]
