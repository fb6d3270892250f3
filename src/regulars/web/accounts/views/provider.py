"""Sign-in through the company's provider: allauth's steps, and a page instead of a failure where it does not answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from allauth.socialaccount.providers.openid_connect import views as oidc
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

logger = logging.getLogger("regulars.provider")

Step = Callable[[HttpRequest, str], HttpResponse]


def _answered(step: Step) -> Step:
    """Say that the provider is out of reach or says too little (no such address, no token), instead of failing."""

    @wraps(step)
    def guarded(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return step(request, provider_id)
        except (RequestException, KeyError, ValueError):
            logger.exception("the provider does not answer as it should")
            return render(request, "socialaccount/authentication_error.html", {"silent": True}, status=502)

    return guarded


login = _answered(oidc.login)
callback = _answered(oidc.callback)
