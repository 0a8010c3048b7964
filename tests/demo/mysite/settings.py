from django.utils.csp import CSP

SECRET_KEY = "only for the demo"
ROOT_URLCONF = "mysite.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_L10N = True
SECURE_CSP = {"default-src": [CSP.SELF]}
