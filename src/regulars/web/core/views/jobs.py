"""What runs beside the pages: how far it is, and the button that stops it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from regulars.web.core import jobs
from regulars.web.core.access import SIGNED_IN, page
from regulars.web.core.models import Job
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request


@page(permission=SIGNED_IN, kind="read")
def job_list(request: Request) -> HttpResponse:
    """List the person's jobs, newest first."""
    mine = Job.objects.visible_to(request.actor).select_related("started_by")
    rows = keyset_page(mine, ["-id"], after=request.GET.get("after"), before=request.GET.get("before"))
    return render(request, "core/jobs.html", {"rows": rows, "kinds": jobs.KINDS})


@page(permission=SIGNED_IN, kind="read")
def job(request: Request, job_id: int) -> HttpResponse:
    """Show one job; its card asks again every second while it is open."""
    found = get_object_or_404(Job.objects.visible_to(request.actor), pk=job_id)
    name = "core/partials/job.html" if request.htmx else "core/job.html"
    return render(request, name, {"job": found, "kind": jobs.KINDS.get(found.kind)})


@page(permission=SIGNED_IN, kind="write")
def cancel(request: Request, job_id: int) -> HttpResponse:
    """Ask the job to stop."""
    found = get_object_or_404(Job.objects.visible_to(request.actor), pk=job_id)
    if request.method == "POST":
        jobs.cancel(job=found, by=request.actor)
    return redirect("job", job_id=found.pk)
