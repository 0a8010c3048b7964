from django_uplift_rules.kinds import RemovedMember


class RemoteUserProcessRequest(RemovedMember):
    """Other middleware has such a method too."""

    def prefilter(self, data: bytes) -> bool:
        """Whether the file names what it derives from."""
        return b"RemoteUser" in data and super().prefilter(data)


rule = RemoteUserProcessRequest(
    "DUR6104",
    {"process_request": "under ASGI Django calls aprocess_request(), which the class has to override too"},
    on=(
        "django.contrib.auth.middleware.RemoteUserMiddleware",
        "django.contrib.auth.middleware.PersistentRemoteUserMiddleware",
    ),
    instead={"process_request": "aprocess_request"},
    deprecated_in="5.2",
    removed_in="6.1",
    replacement_since="5.2",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-removed-in-6-1",
)
