"""Lists as files: order one, fetch it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from regulars.web import audit
from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.segments import actions, selectors
from regulars.web.segments.actions.exporting import EXPORT, SUBJECT
from regulars.web.segments.models import Export
from regulars.web.segments.state import ListState


@page(permission=EXPORT, kind="write")
def order(request: Request) -> HttpResponse:
    """Order the list, or the segment, of the page before; the job's page shows how far it is."""
    if request.method != "POST":
        return redirect("customer_list")
    state = ListState.read(QueryDict(request.POST.get("asked", "")[:4_000]))
    number = request.POST.get("segment", "")
    segment = get_object_or_404(selectors.segments(request.actor), pk=number) if number.isdecimal() else None
    try:
        export = actions.order(state=state, format=request.POST.get("format", ""), segment=segment, by=request.actor)
    except ValidationError as error:
        flash.warn(request, " ".join(error.messages))
        return redirect("customer_list")
    assert export.job_id is not None
    return redirect("job", job_id=export.job_id)


@page(permission=EXPORT, kind="read")
def fetch(request: Request, export_id: int) -> HttpResponseBase:
    """Hand a file to who ordered it."""
    export = get_object_or_404(Export.objects.visible_to(request.actor), pk=export_id)
    if export.rows is None or not export.file.is_file():
        raise Http404
    audit.record(actor=request.actor, verb="download", subject_type=SUBJECT, subject_id=export.pk)
    name = f"{export.called or _('customers')}-{export.ordered_at:%Y-%m-%d}.{export.format}"
    answer = FileResponse(export.file.open("rb"), as_attachment=True, filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
