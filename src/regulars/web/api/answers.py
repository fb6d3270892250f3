"""Every error as one line with a code: nothing that goes wrong with a request leaves as a page or a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.errors import ValidationError as WrongShape

from regulars.errors import InputError
from regulars.web.api.refusals import Refused
from regulars.web.core.conflict import Conflict

CODES = {400: "bad_request", 404: "not_found", 405: "not_allowed", 422: "invalid"}

Handler = Callable[[HttpRequest, Any], HttpResponse]


def listen(api: NinjaAPI) -> None:
    """Let `api` answer every error in our shape."""

    def answer(
        request: HttpRequest, status: int, code: str, message: str, field: str = "", **more: Any
    ) -> HttpResponse:
        body = {"error": code, "message": " ".join(message.split()), "field": field or None, **more}
        return api.create_response(request, body, status=status)

    def refused(request: HttpRequest, error: Refused) -> HttpResponse:
        response = answer(request, error.status, error.code, error.message, error.field)
        for name, value in error.headers.items():
            response.headers[name] = value
        return response

    def shape(request: HttpRequest, error: WrongShape) -> HttpResponse:
        field, message = _first(error.errors)
        return answer(request, 422, "invalid", message, field)

    def rule(request: HttpRequest, error: ValidationError) -> HttpResponse:
        field, message = _of_rule(error)
        return answer(request, 422, "invalid", message, field)

    def conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
        said = "Somebody has changed this since: read it again and send the version that it has now."
        return answer(request, 409, "conflict", said, "version", version=error.record.version)

    handlers: dict[type[Exception], Handler] = {
        Refused: refused,
        WrongShape: shape,
        ValidationError: rule,
        Conflict: conflict,
        Http404: lambda request, _: answer(request, 404, "not_found", "There is nothing here that you may see."),
        PermissionDenied: lambda request, _: answer(
            request, 403, "not_allowed", "The rights of this token do not include that."
        ),
        InputError: lambda request, error: answer(request, 422, "invalid", error.message("en")),
        RequestDataTooBig: lambda request, _: answer(request, 413, "too_large", "Send less at a time: 2.5 MB at most."),
        BadRequest: lambda request, error: answer(request, 400, "bad_request", str(error)),
        SuspiciousOperation: lambda request, _: answer(request, 400, "bad_request", "This request cannot be read."),
        HttpError: lambda request, error: answer(
            request, error.status_code, CODES.get(error.status_code, "bad_request"), str(error)
        ),
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _first(errors: list[dict[str, Any]]) -> tuple[str, str]:
    """Return field and message of the first thing that is wrong with a request's shape."""
    first = errors[0] if errors else {"loc": (), "msg": "This request cannot be read."}
    path = [str(part) for part in first["loc"] if part not in ("body", "query", "path", "header", "sent")]
    field = ".".join(path)
    return field, f"{field}: {first['msg']}" if field else str(first["msg"])


def _of_rule(error: ValidationError) -> tuple[str, str]:
    if not hasattr(error, "error_dict"):
        return "", " ".join(error.messages)
    field, messages = next(iter(error.message_dict.items()))
    field = "" if field == "__all__" else field
    return field, f"{field}: {' '.join(messages)}" if field else " ".join(messages)
