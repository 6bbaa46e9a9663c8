"""Settings, all from environment variables `KNEADWORK_*` and `DATABASE_URL`; `kneadwork doctor` lists them."""

from pathlib import Path

from kneadwork.common import environment, sqlite

sqlite.install()

ENV = environment.read()
PACKAGE = Path(__file__).resolve().parent
HOME = ENV.home
SECRET_KEY = ENV.secret_key()
DEBUG = False
ALLOWED_HOSTS = ENV.hosts()
PUBLIC_URL = ENV.public_url
REGISTRY_URL = ENV.registry_url
OVERPASS_URL = ENV.overpass_url
TILES_URL = ENV.tiles_url
TILES_CREDIT = ENV.tiles_credit
CALENDAR_SERVER = ENV.calendar_server
SECURITY_CONTACT = ENV.security_contact

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "kneadwork.common",
    "kneadwork.practice",
    "kneadwork.network",
    "kneadwork.referrals",
    "kneadwork.outreach",
    "kneadwork.exchange",
    "kneadwork.planning",
    "kneadwork.pages",
    "kneadwork.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "kneadwork.pages.shell.headers.SecurityHeaders",
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
    "kneadwork.pages.shell.scope.PracticeScope",
]

ROOT_URLCONF = "kneadwork.urls"
WSGI_APPLICATION = "kneadwork.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            PACKAGE / "pages" / place / "templates"
            for place in ("shell", "today", "network", "referrals", "practice", "public")
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "kneadwork.pages.shell.context.shell",
            ],
            "builtins": ["template_partials.templatetags.partials"],
        },
    }
]

DATABASES = {"default": ENV.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "practice.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ENV.password_hashers()
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
}
#: Tries a minute: at a door without password per address, of a program per key, of a wrong key per address, of calendar
#: programs for a feed per address.
LIMITS = {"door": 20, "api": 600, "api_door": 60, "feed": 60}
#: Behind a public address stands Caddy, which names the caller; without one nobody stands between.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ENV.public_url else 0
ACCOUNT_ADAPTER = "kneadwork.pages.shell.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "kneadwork.pages.shell.account_forms.LoginForm",
    "reset_password": "kneadwork.pages.shell.account_forms.ResetPasswordForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_ADAPTER = "kneadwork.pages.shell.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Kneadwork"
#: A code of the minute before still counts: phones' clocks differ.
MFA_TOTP_TOLERANCE = 1
#: Addresses are not confirmed by mail (an installation may have none), so this cannot be asked for.
MFA_ALLOW_UNVERIFIED_EMAIL = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LANGUAGE_CODE = "en-us"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LOCALE_PATHS = [PACKAGE / "locale"]

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "pages" / "shell" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "kneadwork.pages.shell.leaflet.LeafletFiles",
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if ENV.public_url:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_KNEADWORK_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS = 365 * 24 * 3600, True
    CSRF_TRUSTED_ORIGINS = [ENV.public_url]

DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_TEMP_DIR = None
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

EMAIL_BACKEND = ENV.mail_backend()
EMAIL_HOST, EMAIL_PORT = ENV.mail_host, ENV.mail_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENV.mail_user, ENV.mail_password
EMAIL_USE_TLS = bool(ENV.mail_user)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = ENV.mail_from

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
