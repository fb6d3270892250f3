"""The wizard: upload, say which column is which, look at what would change, import."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from regulars.web import audit
from regulars.web.core import flash
from regulars.web.core.access import page
from regulars.web.core.models import Workspace
from regulars.web.core.paging import keyset_page
from regulars.web.core.request import Request
from regulars.web.core.words import current_lang
from regulars.web.importing import actions, left_out, selectors
from regulars.web.importing.forms import ColumnsForm, UploadForm
from regulars.web.importing.models import Import, State
from regulars.web.importing.names import FIELDS
from regulars.web.importing.upload import TOO_LARGE

RUN = actions.RUN


@page(permission=RUN, kind="write")
def imports(request: Request) -> HttpResponse:
    """Take a file in; list what was imported before."""
    form = UploadForm(
        request.POST or None, request.FILES or None, initial={"source": selectors.last_source(request.actor)}
    )
    if request.method == "POST":
        one = _uploaded(request, form)
        if one is not None:
            return redirect("import", import_id=one.pk)
    rows = keyset_page(
        selectors.imports(request.actor), ["-id"], after=request.GET.get("after"), before=request.GET.get("before")
    )
    return render(request, "importing/imports.html", {"form": form, "rows": rows})


def _uploaded(request: Request, form: UploadForm) -> Import | None:
    if request.META.get(TOO_LARGE):
        form.add_error("file", actions.too_large())
        return None
    if not form.is_valid():
        return None
    try:
        return actions.upload(**form.cleaned_data, by=request.actor)
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            form.add_error(field, messages)
        return None


@page(permission=RUN, kind="write")
def one_import(request: Request, import_id: int) -> HttpResponse:
    """Show one import where it stands; a press on the columns' button has the file checked."""
    one = _one(request, import_id)
    if request.htmx and not one.is_busy:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context: dict[str, Any] = {"one": one, "workspace_currency": Workspace.current().currency, "fields": FIELDS}
    if one.is_busy:
        name = "importing/progress.html" if request.htmx else "importing/import.html"
        return render(request, name, context)
    if one.state == State.COLUMNS:
        form = ColumnsForm(one, request.actor, request.POST if request.method == "POST" else request.typed)
        if request.method == "POST" and form.is_valid():
            _do(request, lambda: actions.choose_columns(one=one, **form.chosen(), by=request.actor))
            return redirect("import", import_id=one.pk)
        context["form"] = form
    if one.state in (State.CHECKED, State.DONE):
        context |= _account(one) | {"may_value": request.actor.may("valuations.run")}
    return render(request, "importing/import.html", context)


def _account(one: Import) -> dict[str, Any]:
    account: dict[str, Any] = one.account
    lang = current_lang()
    reasons = [
        {"text": row["text"][lang], "rows": row["rows"], "money": Decimal(row["money"]) if row["money"] else None}
        for row in account.get("left_out", [])
        if row["rows"]
    ]
    return {
        "account": account,
        "reasons": reasons,
        "left_out_rows": sum(row["rows"] for row in reasons),
        "notes": [note[lang] for note in account.get("notes", [])],
        "unknown": [(FIELDS[row["canonical"]], row["cells"]) for row in account.get("unknown", [])],
        "downloadable": left_out.has_rows(one),
        "nothing": not account.get("new") and not account.get("changed"),
    }


@page(permission=RUN, kind="write")
def begin(request: Request, import_id: int) -> HttpResponse:
    """Write what was checked."""
    one = _one(request, import_id)
    if request.method == "POST":
        _do(request, lambda: actions.begin(one=one, by=request.actor))
    return redirect("import", import_id=one.pk)


@page(permission=RUN, kind="write")
def back(request: Request, import_id: int) -> HttpResponse:
    """Go back to the columns."""
    one = _one(request, import_id)
    if request.method == "POST":
        _do(request, lambda: actions.change_columns(one=one, by=request.actor))
    return redirect("import", import_id=one.pk)


@page(permission=RUN, kind="write")
def drop(request: Request, import_id: int) -> HttpResponse:
    """Throw a file away that was not imported."""
    one = _one(request, import_id)
    if request.method == "POST":
        _do(request, lambda: actions.drop(one=one, by=request.actor))
        flash.say(request, _("Dropped; nothing was imported"))
    return redirect("imports")


@page(permission=RUN, kind="read")
def rows_left_out(request: Request, import_id: int) -> HttpResponseBase:
    """Hand out the rows that were left out, with their reasons."""
    one = _one(request, import_id)
    if not left_out.has_rows(one):
        return redirect("import", import_id=one.pk)
    audit.record(actor=request.actor, verb="export", subject_type=actions.SUBJECT, subject_id=one.pk)
    lines = left_out.rows(one, request.actor, current_lang())
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="left-out-{one.pk}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _one(request: Request, import_id: int) -> Import:
    return selectors.settled(get_object_or_404(selectors.imports(request.actor), pk=import_id))


def _do(request: Request, act: Any) -> None:
    try:
        act()
    except ValidationError as error:
        flash.warn(request, " ".join(error.messages))
