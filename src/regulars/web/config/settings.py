"""Django's settings, read from the environment and from the workspace folder."""

from __future__ import annotations

import os
from pathlib import Path

from django.utils.csp import CSP

from regulars.web.config.apps import APPS
from regulars.web.config.database import database
from regulars.web.config.email import mailers
from regulars.web.config.home import home_folder, read_secrets
from regulars.web.config.oidc import oidc_apps, oidc_hosts

REGULARS_HOME = home_folder()
DEBUG = os.environ.get("REGULARS_DEBUG") == "1"
BASE_URL = os.environ.get("REGULARS_URL", "")
"""Where people reach the application, such as https://regulars.example.com; empty on one's own machine."""
_https = BASE_URL.startswith("https://")

_secrets = read_secrets(REGULARS_HOME)
SECRET_KEY = os.environ.get("REGULARS_SECRET_KEY") or _secrets["secret_key"]
SUPPRESSION_KEY = _secrets["suppression_key"]

_hosts = [host.strip() for host in os.environ.get("REGULARS_HOSTS", "").split(",") if host.strip()]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_hosts]
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL else []

INSTALLED_APPS = [
    *(f"regulars.web.{name}" for name in APPS),
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_tasks_db",
]

MIDDLEWARE = [
    "regulars.web.core.middleware.LogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "regulars.web.core.middleware.PersonMiddleware",
    "regulars.web.core.middleware.ConflictMiddleware",
    "regulars.web.facts.middleware.OneSessionMiddleware",
]

ROOT_URLCONF = "regulars.web.config.urls"
WSGI_APPLICATION = "regulars.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "regulars.web.core.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "regulars.web.core.templatetags.parts",
                "regulars.web.core.templatetags.figures",
            ],
        },
    }
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), REGULARS_HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

MAILERS = mailers(os.environ.get("EMAIL_URL", ""), REGULARS_HOME)

# ---- People ----
AUTH_USER_MODEL = "accounts.User"
ACTOR_OF = "regulars.web.accounts.access.actor_of"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key", "login": "60/m/ip"}
ACCOUNT_FORMS = {
    "login": "regulars.web.accounts.forms.door.SignInForm",
    "change_password": "regulars.web.accounts.forms.door.ChangePasswordForm",
    "set_password": "regulars.web.accounts.forms.door.SetPasswordForm",
    "reauthenticate": "regulars.web.accounts.forms.door.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "regulars.web.accounts.forms.door.CodeForm",
    "reauthenticate": "regulars.web.accounts.forms.door.CodeAgainForm",
    "activate_totp": "regulars.web.accounts.forms.door.ActivateTotpForm",
    "add_webauthn": "regulars.web.accounts.forms.door.AddKeyForm",
    "edit_webauthn": "regulars.web.accounts.forms.door.EditKeyForm",
}
ACCOUNT_ADAPTER = "regulars.web.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "regulars.web.accounts.adapters.OidcAdapter"
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": oidc_apps(os.environ)}}
SOCIALACCOUNT_FORMS = {"disconnect": "regulars.web.accounts.forms.door.DisconnectForm"}
SOCIALACCOUNT_LOGIN_ON_GET = False
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 3  # how long a one-time link holds
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ADAPTER = "regulars.web.accounts.adapters.MfaAdapter"
MFA_TOTP_ISSUER = "Regulars"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are entered by the administrator, not by the person

# ---- Languages ----
LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "regulars_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
FORMAT_MODULE_PATH = ["regulars.web.config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

# ---- Files ----
STATIC_URL = "/static/"
STATIC_ROOT = REGULARS_HOME / "static"
STATICFILES_DIRS = [("report", Path(__file__).resolve().parents[2] / "report" / "assets")]  # its charts are drawn here
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # pages name no others: half the files to write and to pack
MEDIA_ROOT = REGULARS_HOME / "uploads"

# ---- Safety ----
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF, *oidc_hosts(os.environ)],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https  # browsers allow keys without TLS on this machine only
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("REGULARS_PROXIES", "0"))
SECURE_SSL_REDIRECT = False  # the proxy in front speaks TLS; `regulars check` looks whether it does
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _https else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _https
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_SAVE_EVERY_REQUEST = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = ["regulars.web.importing.upload.CappedUpload"]

LOGGING_CONFIG = "regulars.web.config.logs.configure"
LOGGING = {"level": os.environ.get("REGULARS_LOG_LEVEL", "INFO")}
