"""One settings module. Everything that differs between machines comes from the environment (.env.example lists it)."""

import base64
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEV_SECRET = "development-only-secret-key-that-production-refuses-to-start-with"  # noqa: S105
DEV_DATA_KEY = base64.b64encode(b"development-only-data-key-000000").decode()
DEV_LINK_KEY = "00112233445566778899aabbccddeeff"

DEBUG = env.bool("DEBUG", default=False)
DEVELOPMENT = env.bool("DEVELOPMENT", default=False)  # embedded services and tests: development secrets are accepted
SECRET_KEY = env.str("SECRET_KEY", default=DEV_SECRET)
DATA_KEYS = [base64.b64decode(key) for key in env.list("DATA_KEYS", default=[DEV_DATA_KEY])]
LINK_KEY = bytes.fromhex(env.str("LINK_KEY", default=DEV_LINK_KEY))
if not (DEBUG or DEVELOPMENT):
    unset = [name for name in ("SECRET_KEY", "DATA_KEYS", "LINK_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL") if name not in env.ENVIRON]
    if unset:
        raise ImproperlyConfigured(f"production refuses development values: set {', '.join(unset)} (see .env.example)")
if any(len(key) != 32 for key in DATA_KEYS) or len(LINK_KEY) != 16:
    raise ImproperlyConfigured("DATA_KEYS takes base64 of 32 bytes each, LINK_KEY 32 hex characters (see .env.example)")

BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
PROXIES = env.int("PROXIES", default=0)  # of our own, between visitors and us
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])

APP_ROLE, OWNER_ROLE, PLATFORM_ROLE = "postpurchase_app", "postpurchase_owner", "postpurchase_platform"
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgresql://postpurchase_app@127.0.0.1/postpurchase")}
DATABASES["default"] |= {
    "ENGINE": "postpurchase.lib.postgres",
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,  # lists are paged, so nothing asks for them; our engine has none
}
DATABASE_OWNER = env.db_url("DATABASE_OWNER_URL") if "DATABASE_OWNER_URL" in env.ENVIRON else None
REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
EMAIL_URL = env.str("EMAIL_URL", default="smtp://127.0.0.1:1025")
EMAIL_FROM_DOMAIN = env.str("EMAIL_FROM_DOMAIN", default="post.postpurchase.example")
DKIM_KEY = env.str("DKIM_KEY", default="")  # selector:base64 of a PEM; '' leaves mails of that domain unsigned
ANYMAIL = env.json("ANYMAIL", default={})

# What merchants point their own names at: the portal's host, the SPF record to include, the host that bounces come back to.
PORTAL_TARGET = env.str("PORTAL_TARGET", default=urlsplit(BASE_URL).hostname or "")
SPF_INCLUDE = env.str("SPF_INCLUDE", default=f"_spf.{EMAIL_FROM_DOMAIN}")
RETURN_PATH_TARGET = env.str("RETURN_PATH_TARGET", default=f"bounces.{EMAIL_FROM_DOMAIN}")
DNS_SERVERS = env.list("DNS_SERVERS", default=[])  # address or address:port; none: the system's

# Mails of accounts (confirm, reset, invite) leave through Django, by the same EMAIL_URL as messages to shoppers.
_mail = urlsplit(EMAIL_URL)
EMAIL_BACKEND = (
    f"anymail.backends.{_mail.hostname}.EmailBackend" if _mail.scheme == "anymail" else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "127.0.0.1", _mail.port or {"smtp+tls": 587, "smtps": 465}.get(_mail.scheme, 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = f"Postpurchase <accounts@{EMAIL_FROM_DOMAIN}>"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "anymail",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "postpurchase.tenancy",
    "postpurchase.jobs",
    "postpurchase.events",
    "postpurchase.post",
    "postpurchase.ui",
    "brands",
    "integrations",
    "domains",
    "orders",
    "tracking",
    "notifications",
    "transfers",
    "bulk",
    "backtest",
    "alerts",
    "desk",
    "api",
    "dashboard",
    "portal",
    "console",
]
MIDDLEWARE = [
    "postpurchase.tenancy.request_log.RequestLog",
    "postpurchase.tenancy.proxies.BehindProxies",
    "portal.own_host.OwnHosts",
    "portal.quick.QuickPage",
    "django.middleware.security.SecurityMiddleware",
    "postpurchase.tenancy.machines.ForMachines",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "postpurchase.ui.tongue.InTheReadersTongue",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "postpurchase.tenancy.middleware.TenantMiddleware",
]
ROOT_URLCONF = "postpurchase.urls"
WSGI_APPLICATION = "postpurchase.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # message previews are framed by our own pages: X-Frame-Options stays SAMEORIGIN

AUTH_USER_MODEL = "tenancy.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "landing"
LOGOUT_REDIRECT_URL = "account_login"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
]

# django-allauth: sign-up, confirmation, reset, two factors, sessions. The pages and mails are ours (dashboard/accounts, templates/account).
ACCOUNT_ADAPTER = "dashboard.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "dashboard.forms.sign_in.SignInForm",
    "signup": "dashboard.forms.sign_up.SignUpForm",
    "reset_password": "dashboard.forms.password.ForgottenForm",
    "reset_password_from_key": "dashboard.forms.password.NewPasswordForm",
    "change_password": "dashboard.forms.password.ChangePasswordForm",
    "add_email": "dashboard.accounts.new_email.NewEmailForm",
    "reauthenticate": "dashboard.forms.password.AgainForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # an address that we do not know gets no mail; the page says the same either way
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of what somebody else might have done: another password, a second factor gone
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True  # one address each: the new one takes the old one's place when the link in its mail is pressed
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before that; password and second factors ask by themselves
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up; elsewhere one signs in
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = urlsplit(BASE_URL).scheme
ACCOUNT_RATE_LIMITS = {  # of signing in: dashboard/accounts/sign_in.py counts, so that nobody can lock others out
    "login": None,
    "login_failed": "10/15m/key",  # codes of the second factor, per person
    "signup": "10/h/ip",
    "confirm_email": "1/1m/key",
    "reset_password": "20/h/ip,5/h/key",
    "reset_password_from_key": "20/h/ip",
    "change_password": "5/m/user",
    "manage_email": "10/h/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "dashboard.accounts.adapter.MfaAdapter"
MFA_FORMS = {
    "authenticate": "dashboard.forms.second_factor.CodeForm",
    "reauthenticate": "dashboard.forms.second_factor.CodeAgainForm",
    "add_webauthn": "dashboard.forms.second_factor.PasskeyForm",
    "activate_totp": "dashboard.forms.second_factor.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Postpurchase"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BASE_URL.startswith("https://")
# Counts of tries and codes that were used, shared by all web processes and kept through a restart. Nothing else is cached here.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "tenancy_attempts"}}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
            "builtins": ["postpurchase.ui.templatetags.ui", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]
FILE_UPLOAD_HANDLERS = ["postpurchase.ui.uploads.LimitedUpload"]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español"), ("pt-br", "Português (Brasil)"), ("ja", "日本語"),
]  # fmt: skip
LOCALE_PATHS = [BASE_DIR / "locale" / door for door in ("shopper", "portal", "dashboard")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What collectstatic has hashed and compressed, in production and where STATIC_ROOT is set (the demo); else what stands in static/.
STATIC_ROOT = env.str("STATIC_ROOT", default="" if DEVELOPMENT or DEBUG else str(BASE_DIR / "staticfiles")) or None
WHITENOISE_USE_FINDERS, WHITENOISE_AUTOREFRESH = STATIC_ROOT is None, DEBUG
_static = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage" if STATIC_ROOT else _static}}

SECURE = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # probes speak plain HTTP inside the cluster
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"  # links with tokens leak to nobody; "no-referrer" would make browsers post with "Origin: null"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "https:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    }
}

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "postpurchase.tenancy.problems.api_problem",
    "DEFAULT_AUTHENTICATION_CLASSES": ["postpurchase.tenancy.permissions.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["postpurchase.tenancy.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "api.v1.openapi.Described",
    "UNAUTHENTICATED_USER": None,
}

API_CALLS_PER_SECOND = env.int("API_CALLS_PER_SECOND", default=100)  # of one key, averaged over ten seconds
# Calls to addresses that merchants wrote: these hosts (name or name:port) may be private and speak plain HTTP, all others may not.
OUTBOUND_HOSTS = env.list("OUTBOUND_HOSTS", default=[])
OUTBOUND_PORTS = frozenset(env.list("OUTBOUND_PORTS", cast=int, default=[443, 8443, 80, 8080]))

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_throttle": 1,
    "unacked_restore_interval": 10,
    "socket_timeout": 10,
    "socket_connect_timeout": 3,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 5000
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 240, 300
CELERY_TASK_DEFAULT_QUEUE = "bulk"
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: every entry is a harmless nudge, so nothing needs remembering
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOG_FORMAT = env.str("LOG_FORMAT", default="plain" if DEVELOPMENT or DEBUG else "json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "postpurchase.lib.logs.formatter", "as_json": LOG_FORMAT == "json"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"httpx": {"level": "WARNING"}, "django": {"handlers": []}, "django.server": {"handlers": [], "propagate": True}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
}
SENTRY_DSN = env.str("SENTRY_DSN", default="")
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # without one there is no /metrics

SPECTACULAR_SETTINGS = {
    "TITLE": "Postpurchase API",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": False,
    "SORT_OPERATIONS": False,
    "POSTPROCESSING_HOOKS": ["api.v1.openapi.add_components"],
    "DESCRIPTION": "Send orders, shipments and scans; read what became of them, which messages went out, and be told by webhooks.",
}
