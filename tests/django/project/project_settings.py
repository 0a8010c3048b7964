"""A project that no release has anything to say about: what is seen comes from the example."""

import django

SECRET_KEY = "only for the tests, and long enough that no check complains about it: 0123456789"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "project_urls"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "shop",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
# The runner gives each example a copy of its own.
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "unset.sqlite3"}}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Relative to the example's folder, which is the working directory.
        "DIRS": ["templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# An example that is settings does not get this one: it excludes the older settings (runner.py).
MAIL = "django.core.mail.backends.locmem.EmailBackend"
if django.VERSION >= (6, 1):
    MAILERS = {"default": {"BACKEND": MAIL}}
else:
    EMAIL_BACKEND = MAIL
STATIC_URL = "/static/"
USE_TZ = True
if django.VERSION >= (3, 2):
    DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
