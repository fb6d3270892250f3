"""The message of a campaign, and its e-mails on their way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regulars.web.campaigns.selectors import campaigns
from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request
from regulars.web.mail import actions, selectors
from regulars.web.mail.forms import LetterForm
from regulars.web.mail.placeholders import PLACEHOLDERS
from regulars.web.mail.preview import preview
from regulars.web.mail.taxonomy import State
from regulars.web.mail.writing import TEXTS

if TYPE_CHECKING:
    from regulars.web.campaigns.models import Campaign

WRITE, LAUNCH, READ = "campaigns.write", "campaigns.launch", "campaigns.read"
VIEWS = (State.UNCERTAIN, State.FAILED, State.RETRY, State.REFUSED, State.SENT)


def _own_address(request: Request) -> str:
    return str(getattr(request.user, "email", "") or "")


def _one(request: Request, campaign_id: int) -> Campaign:
    """Return a campaign that is sent by e-mail."""
    found: Campaign = get_object_or_404(campaigns(request.actor), pk=campaign_id, channel="email")
    return found


@page(permission=WRITE, kind="write")
def letter(request: Request, campaign_id: int) -> HttpResponse:
    """Write the message of a draft, and see it as customers would."""
    one = _one(request, campaign_id)
    if not one.is_plannable:
        return redirect("campaign", campaign_id=one.pk)
    now = selectors.letter_of(one)
    initial = {"version": one.version, **{name: getattr(now, name) for name in TEXTS}}
    form = LetterForm(typed(request), initial=initial)

    def act() -> None:
        version = form.cleaned_data["version"] or 0
        actions.save_letter(campaign=one, texts=form.texts(), version=version, by=request.actor)

    if done(request, form, act):
        flash.say(request, _("Saved. Read it beside as your customers would."))
        return redirect("mail_letter", campaign_id=one.pk)
    context = {
        "campaign": one, "form": form, "placeholders": PLACEHOLDERS.items(),
        "previews": preview(request.actor, now, one), "own_address": _own_address(request),
    }  # fmt: skip
    return render(request, "mail/letter.html", context)


@page(permission=WRITE, kind="write")
def test(request: Request, campaign_id: int) -> HttpResponse:
    """Send the message to oneself, as the first customer of the preview would get it."""
    one = _one(request, campaign_id)
    if request.method == "POST":
        shown = preview(request.actor, selectors.letter_of(one), one)
        try:
            if not shown:
                raise ValidationError(_("There is nothing to try: write the message, for customers that you reach."))
            for written in {found.lang: found for _who, found in shown}.values():
                actions.send_test(written=written, to=_own_address(request), by=request.actor)
        except ValidationError as error:
            flash.warn(request, " ".join(error.messages))
        else:
            flash.say(request, _("Sent to %(address)s") % {"address": _own_address(request)})
    return redirect("mail_letter", campaign_id=one.pk)


@page(permission=READ, kind="read")
def messages(request: Request, campaign_id: int) -> HttpResponse:
    """List the e-mails of a campaign to customers whom the person reaches, by what became of them."""
    one = _one(request, campaign_id)
    asked = request.GET.get("state", "")
    progress = selectors.progress(one)
    first = State.UNCERTAIN if progress.uncertain else State.SENT
    state = asked if asked in VIEWS else first
    found = selectors.messages(request.actor, one).filter(state=state)
    rows = keyset_page(found, ["id"], after=request.GET.get("after"), before=request.GET.get("before"))
    context = {
        "campaign": one, "rows": rows, "state": state, "progress": progress,
        "views": [(view, view.label, progress.by_state.get(view, 0)) for view in VIEWS],
        "may_launch": request.actor.may(LAUNCH), "may_plan": request.actor.may(WRITE),
    }  # fmt: skip
    return render(request, "mail/messages.html", context)


def _press(request: Request, campaign_id: int, act: Callable[[Campaign], str], back: str = "campaign") -> HttpResponse:
    one = _one(request, campaign_id)
    if request.method == "POST":
        flash.say(request, act(one))
    return redirect(back, campaign_id=campaign_id)


@page(permission=LAUNCH, kind="write")
def steer(request: Request, campaign_id: int) -> HttpResponse:
    """Pause, go on, or give up what has not left."""

    def act(one: Campaign) -> str:
        if "pause" in request.POST:
            actions.pause(campaign=one, by=request.actor)
            return _("Paused: what has not left waits.")
        if "resume" in request.POST:
            actions.resume(campaign=one, by=request.actor)
            return _("It goes on.")
        n = actions.give_up_rest(campaign=one, by=request.actor) if "stop" in request.POST else 0
        return ngettext("%(n)s e-mail is not sent any more.", "%(n)s e-mails are not sent any more.", n) % {"n": n}

    return _press(request, campaign_id, act)


@page(permission=LAUNCH, kind="write")
def doubts(request: Request, campaign_id: int) -> HttpResponse:
    """Decide about messages in doubt: count them as sent, or send them again."""

    def act(one: Campaign) -> str:
        again, only = "again" in request.POST, request.POST.get("message", "")
        number = int(only) if only.isdecimal() and len(only) < 18 else None
        if not again and "sent" not in request.POST:
            return _("Nothing was decided.")
        n = actions.decide_doubts(campaign=one, again=again, only=number, by=request.actor)
        if again:
            return ngettext("%(n)s e-mail is sent again.", "%(n)s e-mails are sent again.", n) % {"n": n}
        return ngettext("%(n)s e-mail counts as sent.", "%(n)s e-mails count as sent.", n) % {"n": n}

    return _press(request, campaign_id, act, "mail_messages")


@page(permission=WRITE, kind="write")
def bounced(request: Request, campaign_id: int, message_id: int) -> HttpResponse:
    """Note that a message came back."""
    one = _one(request, campaign_id)
    row = get_object_or_404(selectors.messages(request.actor, one), pk=message_id)

    def act(_of: Campaign) -> str:
        actions.mark_bounced(row=row, by=request.actor)
        return _("Noted: this address gets no more offers.")

    return _press(request, campaign_id, act, "mail_messages")
