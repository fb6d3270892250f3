"""Sign-in through the company's own identity provider (OpenID Connect), described by the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit


def oidc_apps(environment: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return allauth's description of the provider; none where ``REGULARS_OIDC_ISSUER`` is not set."""
    issuer = environment.get("REGULARS_OIDC_ISSUER", "").strip().rstrip("/")  # some name themselves with a slash
    if not issuer:
        return []
    domains = [one.strip().lower() for one in environment.get("REGULARS_OIDC_DOMAINS", "").split(",") if one.strip()]
    return [
        {
            "provider_id": "company",
            "name": environment.get("REGULARS_OIDC_NAME", "OpenID Connect"),
            "client_id": environment.get("REGULARS_OIDC_CLIENT_ID", ""),
            "secret": environment.get("REGULARS_OIDC_CLIENT_SECRET", ""),
            "settings": {
                "server_url": issuer,
                "oauth_pkce_enabled": True,
                "verified_email": domains,  # proved, whatever the provider says of them
            },
        }
    ]


def oidc_hosts(environment: Mapping[str, str]) -> list[str]:
    """Return the origin that a sign-in form may lead to: the provider's."""
    parts = urlsplit(environment.get("REGULARS_OIDC_ISSUER", ""))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
