"""Alert rules and business days."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from regulars.web.core import flash, jobs
from regulars.web.core.access import page
from regulars.web.core.forms import done, typed
from regulars.web.core.request import Request
from regulars.web.tasks import actions, selectors
from regulars.web.tasks.alerts import ALERTS
from regulars.web.tasks.business_days import calendar
from regulars.web.tasks.day_list import write_days
from regulars.web.tasks.forms.rules import CalendarForm, RuleForm
from regulars.web.valuations.selectors import current

SET_UP = "tasks.rules"


@page(permission=SET_UP, kind="read")
def rules(request: Request) -> HttpResponse:
    """List the rules with what each found in the newest valuation."""
    valuation = current()
    found = selectors.runs(request.actor, valuation.pk) if valuation else {}
    listed = [(rule, ALERTS.get(rule.alert), found.get(rule.pk)) for rule in selectors.rules(request.actor)]
    return render(request, "tasks/rules.html", {"rules": listed, "valuation": valuation, "days": calendar()})


@page(permission=SET_UP, kind="write")
def rule(request: Request, rule_id: int) -> HttpResponse:
    """Change one rule."""
    found = get_object_or_404(selectors.rules(request.actor), pk=rule_id)
    form = RuleForm(typed(request), of=found, by=request.actor)
    if done(
        request,
        form,
        lambda: actions.change_rule(rule=found, version=form.opened_on(), by=request.actor, **form.values()),
    ):
        flash.say(request, _("Saved"))
        return redirect("alert_rules")
    return render(request, "tasks/rule.html", {"form": form, "rule": found, "alert": ALERTS[found.alert]})


@page(permission=SET_UP, kind="write")
def look(request: Request) -> HttpResponse:
    """Let the rules look at the newest valuation now."""
    if request.method != "POST":
        return redirect("alert_rules")
    started = jobs.start(kind="tasks.alerts", by=request.actor)
    return redirect("job", job_id=started.pk)


@page(permission=SET_UP, kind="write")
def business_days(request: Request) -> HttpResponse:
    """Set the days that are worked."""
    days = calendar()
    initial = {
        "weekdays": sorted(days.weekdays),
        "closed": write_days(days.closed),
        "opened": write_days(days.opened),
    }
    form = CalendarForm(typed(request), initial=initial)
    if done(
        request,
        form,
        lambda: actions.set_calendar(weekdays=form.cleaned_data["weekdays"], days=form.days(), by=request.actor),
    ):
        flash.say(request, _("Saved"))
        return redirect("alert_rules")
    return render(request, "tasks/business_days.html", {"form": form})
