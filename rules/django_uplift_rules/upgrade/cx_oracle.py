from dataclasses import replace

from django_uplift.api import Confidence, Context, Finding, Found, Reference
from django_uplift_rules.kinds import RemovedName


class CxOracle(RemovedName):
    """Code may use the driver for itself: it is Django's only in a project on Django's Oracle backend."""

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """An import of the driver."""
        oracle = ctx.mentioned("django.db.backends.oracle")
        for found in super().reference(reference, ctx):
            yield self._weighed(found, sure=oracle)

    def _weighed(self, found: Finding, *, sure: bool) -> Finding:
        return replace(found, confidence=Confidence.LIKELY if sure else Confidence.POSSIBLE)


rule = CxOracle(
    "DUR6024",
    {"cx_Oracle": "Django's Oracle backend uses oracledb alone"},
    deprecated_in="5.0",
    removed_in="6.0",
    replacement_since="5.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-removed-in-6-0",
)
