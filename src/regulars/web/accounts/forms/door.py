"""allauth's forms in our words."""

from __future__ import annotations

from typing import Any, cast

from allauth.account import forms as door
from allauth.mfa.base import forms as second
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}


def _plain(field: forms.Field, label: Any, **attributes: Any) -> None:
    """Give a field our label, and no placeholder: it would stand in for a label that is there."""
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class SignInForm(door.LoginForm):
    """The door."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("Name or e-mail"), autocomplete="username", autofocus=True)
        _plain(self.fields["password"], _("Password"))
        self.fields["password"].help_text = ""


class ChangePasswordForm(door.ChangePasswordForm):
    """A new password, against the old one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("Password now"))
        _new_password(self)


class SetPasswordForm(door.SetPasswordForm):
    """A first password for who has only come through the company's provider."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self)


def _new_password(form: forms.Form) -> None:
    _plain(form.fields["password1"], _("New password"), autocomplete="new-password")
    _plain(form.fields["password2"], _("New password again"), autocomplete="new-password")
    form.fields["password1"].help_text = _("Ten characters or more, none that everybody uses")


class ReauthenticateForm(door.ReauthenticateForm):
    """The password again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("Password"))


class CodeForm(second.AuthenticateForm):
    """The second factor at the door."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Code from your authenticator, or a recovery code"), **CODE)


class CodeAgainForm(second.ReauthenticateForm):
    """The second factor again, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Code from your authenticator"), **CODE)


class ActivateTotpForm(totp.ActivateTOTPForm):
    """The first code, which proves that the authenticator is set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["code"], _("Code that the authenticator shows"), **CODE)


class AddKeyForm(webauthn.AddWebAuthnForm):
    """A security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["name"], _("Name of the key"))


class EditKeyForm(webauthn.EditWebAuthnForm):
    """A security key's name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["name"], _("Name of the key"))


class WelcomeForm(forms.Form):
    """The first password, through a one-time link."""

    password1 = forms.CharField(widget=forms.PasswordInput)
    password2 = forms.CharField(widget=forms.PasswordInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        _new_password(self)

    def clean(self) -> dict[str, Any]:
        """Ask for two equal passwords that are strong enough."""
        found: dict[str, Any] = super().clean() or {}
        first, again = found.get("password1"), found.get("password2")
        if first and again and first != again:
            self.add_error("password2", _("The two are not the same."))
        if first:
            try:
                password_validation.validate_password(first, self.user)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return found


class DisconnectForm(social.DisconnectForm):
    """Which account at the provider opens the one here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = cast(Any, self.fields["account"])
        account.label = _("Account at the provider")
        account.label_from_instance = lambda one: one.get_provider_account().get_user_data().get("email") or one.uid
