from django_uplift_rules.channels import CHANNELS
from django_uplift_rules.kinds import PackageRule, RemovedName

_APPLICATION = "call django.core.asgi.get_asgi_application() for HTTP"
_FILES = "put 'daphne' into INSTALLED_APPS, or serve static files with django.contrib.staticfiles.handlers"


class AsgiHandler(PackageRule, RemovedName):
    """Channels' own HTTP handling, which Django has itself since 3.0."""


rule = AsgiHandler(
    "DUP3001",
    {
        "channels.http": _APPLICATION,
        "channels.staticfiles": _FILES,
        "channels.routing.AsgiHandler": _APPLICATION,
    },
    package=CHANNELS,
    deprecated="3.0",
    removed="4.0",
    link="https://channels.readthedocs.io/en/latest/releases/4.0.0.html",
)
