"""The first password, through a one-time link from an administrator."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlsafe_base64_decode

from regulars.web import audit
from regulars.web.accounts.access import actor_of
from regulars.web.accounts.forms.door import WelcomeForm
from regulars.web.accounts.models import User
from regulars.web.core.access import ANYONE, page
from regulars.web.core.request import Request


@page(permission=ANYONE, kind="write")
def welcome(request: Request, key: str, token: str) -> HttpResponse:
    """Let who holds a valid link choose a password; the link is spent with that, or after three days."""
    user = _named(key)
    if user is None or not user.is_active or not default_token_generator.check_token(user, token):
        return render(request, "accounts/welcome_spent.html", status=410)
    form = WelcomeForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["password1"])
        user.save(update_fields=["password"])
        audit.record(actor=actor_of(user), verb="choose-password", subject_type="accounts.user", subject_id=user.pk)
        return redirect("account_login")
    answer = render(request, "accounts/welcome.html", {"form": form, "person": user})
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _named(key: str) -> User | None:
    try:
        return User.objects.filter(pk=int(urlsafe_base64_decode(key).decode())).first()
    except (ValueError, OverflowError):
        return None
