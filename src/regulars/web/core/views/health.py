"""The pulse: `/healthz` says that the process answers, `/readyz` that the database does, too."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from regulars.web.core.access import ANYONE, page


@page(permission=ANYONE, kind="read")
def alive(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return JsonResponse({"status": "ok"})


@page(permission=ANYONE, kind="read")
def ready(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers, without saying more to a stranger."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})
