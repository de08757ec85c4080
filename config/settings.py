"""Settings: one file for every kind of installation; what differs comes from the environment
through config/env.py.

With nothing set this is the embedded default: SQLite, a broker of files and mails as files, all
below `var/`.
"""

from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from config import env
from config.log_lines import to_console

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = env.var_folder()
"""Where things are kept. Reading the settings makes nothing: what is kept there makes its own
folder, manage.py the keys, `serve --prepare` the rest.
"""

# --- where it runs --------------------------------------------------------------------------------

DEBUG = env.flag("DEBUG")
HTTPS = env.flag("HTTPS")
PORT_FILE = VAR / "port"
PORT = env.number("PORT", env.kept_port(PORT_FILE), least=1)
BASE_URL = env.address("BASE_URL", f"http://127.0.0.1:{PORT}")
"""The address people use, without a slash at its end; links in mails begin with it."""

LOCAL_HOSTS = f"127.0.0.1,localhost,[::1],{urlsplit(BASE_URL).hostname}"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
"""How many reverse proxies of our own stand in front. 0: X-Forwarded-* is not believed, whoever
sends it.
"""
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", "127.0.0.0/8,::1")
"""From where the nearest of them speaks; the headers of anybody else are not believed either."""

EMBEDDED = not env.text("DATABASE_URL")
SECRET_KEY, FIELD_KEYS, HISTORY_KEY = env.keys(env.secrets_file(), embedded=EMBEDDED)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

# --- what it is made of ---------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_otp",
    "csp",
    "municipality",
    "rollout",
    "training",
    "pilots",
    "evaluation",
    "dashboard",
]

REGISTRATIONS = (
    "municipality.registration.registration",
    "rollout.registration.registration",
    "training.registration.registration",
    "pilots.registration.registration",
    "evaluation.registration.registration",
    "dashboard.registration.registration",
)
"""What each app offers to the ground floor, in the order of the rollout. The only place where all
are named.
"""

MIDDLEWARE = [
    "municipality.web.forwarded.ForwardedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "municipality.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "municipality.web.middleware.BodyLimitMiddleware",
    "municipality.web.typed_text.TypedTextMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "municipality.accounts.middleware.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "municipality.accounts.middleware.MemberMiddleware",
    "municipality.setup.view_as_manager.PreviewMiddleware",
    "municipality.web.middleware.AnswerMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

FORM_RENDERER = "municipality.web.components.widgets.Renderer"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "municipality.web.template_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["municipality.web.components", "municipality.web.frame"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "municipality.web.frame.frame",
            ],
        },
    },
]

# --- where it keeps things ------------------------------------------------------------------------

DATABASES = {"default": env.database(f"sqlite:///{VAR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A writer takes its lock at once (a lock asked for in mid-transaction is refused, not waited
    # for), and the connection is kept: opening one costs more than most pages.
    DATABASES["default"] |= {"CONN_MAX_AGE": None}
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-20000;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    waits = {"connect_timeout": 3, "options": "-c lock_timeout=60s"}  # nobody waits for ever
    DATABASES["default"]["OPTIONS"] = waits | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Limits of sign-in and markers of one-time use lie here: shared by all processes, and alive when
# the broker is not.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000, "CULL_FREQUENCY": 10},
    },
}

MEDIA_ROOT = VAR / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
# A form without its file. The largest, a course's text of 40,000 letters, takes a third of it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- who signs in ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "municipality.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "municipality.accounts.password_rules.OwnNamePasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "municipality.accounts.password_rules.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

ACCOUNT_ADAPTER = "municipality.accounts.allauth_adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_FORMS = {
    "login": "municipality.accounts.forms.accounts.SignInForm",
    "reset_password": "municipality.accounts.forms.accounts.RequestPasswordResetForm",
    "reset_password_from_key": "municipality.accounts.forms.accounts.NewPasswordForm",
    "change_password": "municipality.accounts.forms.accounts.OwnPasswordForm",
    "set_password": "municipality.accounts.forms.accounts.FirstPasswordForm",
    "reauthenticate": "municipality.accounts.forms.accounts.ReauthenticationForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Django's own tokens: the library's would copy mail addresses into a table of its own, where old
# ones live on.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
# Passwords are limited in municipality/core/rate_limits.py: a whole town hall comes from
# one address, so only failures count there; the library's counters let a burst pass as one.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

SOCIALACCOUNT_ADAPTER = "municipality.accounts.allauth_adapter.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "municipality.accounts.oidc_provider.SignedTokenProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": env.oidc_apps(),
    }
}

OTP_TOTP_ISSUER = "テレワーク推進"
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_SECONDS", 30 * 60, least=60)
SESSION_ABSOLUTE_SECONDS = env.number("SESSION_ABSOLUTE_SECONDS", 12 * 60 * 60, least=60)
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- what it tells the browser --------------------------------------------------------------------

_own = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")
_nobody = ("default-src", "base-uri", "frame-ancestors", "object-src")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {name: [SELF] for name in _own} | {name: [NONE] for name in _nobody}
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (
    ("__Host-session", "__Host-csrf") if HTTPS else ("session", "csrf")
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 365 * 24 * 60 * 60) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and TRUSTED_PROXY_COUNT else None
)
# The preload list of browsers is for public domains; the host of a closed network does not belong
# there.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

STATIC_URL = "/static/"
VENDOR_DIR = BASE_DIR / ".vendor" / "static"
"""The style sheet and the font of all pages, made by tools/vendor.py out of npm packages and
static/css; never committed.
"""

STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", VENDOR_DIR)]
STATIC_COLLECTED = env.flag("STATIC_COLLECTED")
"""After `collectstatic`: hashed names, compressed beforehand and cached for ever. Otherwise files
are served as they lie.
"""

STATIC_ROOT = VAR / "static" if STATIC_COLLECTED else None
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_ALLOW_ALL_ORIGINS = False
_static = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": _static
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

# --- mail -----------------------------------------------------------------------------------------

_mail_server = env.mail(VAR / "mail")
EMAIL_BACKEND = _mail_server["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _mail_server["EMAIL_FILE_PATH"]
EMAIL_HOST = _mail_server["EMAIL_HOST"]
EMAIL_PORT = _mail_server["EMAIL_PORT"]
EMAIL_HOST_USER = _mail_server["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _mail_server["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _mail_server["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _mail_server["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", 20, least=1)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("MAIL_FROM", "telework@localhost")
MAIL_DOMAIN = parseaddr(DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
MAIL_LEASE_SECONDS = env.number("MAIL_LEASE_SECONDS", 16 * EMAIL_TIMEOUT, least=1)
"""After so long another worker takes a mail up; longer than any try."""
MAIL_SECONDS = 0.75 * MAIL_LEASE_SECONDS
"""How long a mail server may take for a mail altogether, however it spreads its answers."""
OUTBOX_MARK: str | None = str(VAR / "sent")
"""Where the number of the newest mail sent stands, beside the database: an older database is seen
to be a restored one.
"""
MAIL_RETRY_SECONDS = env.number("MAIL_RETRY_SECONDS", 60, least=1)
"""How long a refused mail rests before the next try; it doubles each time, up to an hour."""

# --- files that come in ---------------------------------------------------------------------------

IMPORT_TEXT_BYTES = env.number("IMPORT_TEXT_BYTES", 100_000, least=0)
IMPORT_BOOK_BYTES = env.number("IMPORT_BOOK_BYTES", 40_000, least=0)
"""Larger files (CSV; xlsx, which is packed) are left to a worker: about a second's work."""
IMPORT_LEASE_SECONDS = env.number("IMPORT_LEASE_SECONDS", 120, least=1)
"""After so long without a word of it another worker takes a file up; no transaction is longer."""
IMPORT_KEEP_DAYS = env.number("IMPORT_KEEP_DAYS", 30, least=1)
"""How long the content of a file is kept that nobody took in or dropped."""
IMPORT_UNDO_DAYS = env.number("IMPORT_UNDO_DAYS", 90, least=1)
"""How long an import can be taken back at most."""

# --- work in the background -----------------------------------------------------------------------

REDIS_URL = env.text("REDIS_URL")
TICK_SECONDS = env.seconds("TICK_SECONDS", 60)
SWEEP_SECONDS = env.seconds("SWEEP_SECONDS", 15)
BROKER_PAUSE_SECONDS = env.seconds("BROKER_PAUSE_SECONDS", 30)
REMINDER_HOUR = env.number("REMINDER_HOUR", 8)
VERIFY_LINES = env.number("VERIFY_LINES", 20_000, least=1)
"""So many lines of the access log are checked in one go: about a second's work. A longer chain is
checked in several, its older lines once a week.
"""
INVITATION_DAYS = env.number("INVITATION_DAYS", 14, least=1)

CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = env.broker(VAR / "queue")
CELERY_BROKER_CONNECTION_TIMEOUT = 0.3
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
# A queue with a worker of its own for each kind of work: a mail server that hangs, a large file and
# a slow body keep neither the clock nor one another waiting. A worker without -Q serves them all.
_queues = {"tick": "clock", "run_body": "bodies", "deliver": "celery", "take_up": "imports"}
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {queue: {} for queue in _queues.values()}
CELERY_TASK_ROUTES = {f"municipality.tasks.{task}": {"queue": _queues[task]} for task in _queues}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
JOB_SOFT_SECONDS = env.number("JOB_SOFT_SECONDS", 120, least=1)
"""A job of a body that lasts longer is stopped and rests: another body takes its place."""
JOB_LEASE_SECONDS = env.number("JOB_LEASE_SECONDS", CELERY_TASK_TIME_LIMIT, least=1)
"""After so long another worker takes a job of a body up; no task lasts longer."""
CELERY_TIMEZONE = TIME_ZONE
# Limits of time need processes; without a broker server everything is small enough for threads.
CELERY_WORKER_POOL = env.text("WORKER_POOL", "prefork" if REDIS_URL else "threads")
CELERY_WORKER_CONCURRENCY = env.number("WORKER_CONCURRENCY", 2, least=1)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
# A task that no worker took before the next one is due is dropped: the database says what is due.
CELERY_BEAT_SCHEDULE = {
    name: {"task": f"municipality.tasks.{task}", "schedule": every, "options": {"expires": every}}
    for name, task, every in (
        ("tick", "tick", TICK_SECONDS),
        ("deliver", "deliver", SWEEP_SECONDS),
        ("imports", "take_up", SWEEP_SECONDS),
    )
}

# --- what it writes down --------------------------------------------------------------------------

LOGGING = to_console(env.text("LOG_LEVEL", "WARNING"))
