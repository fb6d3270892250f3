"""The settings of e-mail."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request
from regulars.web.mail import actions, server
from regulars.web.mail.channel import not_ready
from regulars.web.mail.forms import SettingForm
from regulars.web.mail.models import MailSetting


@page(permission="campaigns.configure", kind="write")
def setting(request: Request) -> HttpResponse:
    """Show and change who writes, when not, how often."""
    now = MailSetting.current()
    form = SettingForm(typed(request), of=now)
    act = lambda: actions.save_setting(values=form.values(), version=form.opened_on(), by=request.actor)  # noqa: E731
    if done(request, form, act):
        flash.say(request, _("Saved"))
        return redirect("settings")
    context = {"form": form, "setting": now, "not_ready": not_ready(), "on_paper": server.is_on_paper()}
    return render(request, "mail/setting.html", context)
