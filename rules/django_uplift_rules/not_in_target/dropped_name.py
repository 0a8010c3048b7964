from __future__ import annotations

import ast
from collections.abc import Iterator

from django_uplift.api import Context, Finding, Fix, Lack, Lacking, Release, names_table, parent
from django_uplift_rules.kinds import MovedName
from django_uplift_rules.not_in_target import MissingName, elsewhere, explained, place, uses

# What to do where the release notes, or the code, say it.
_ADVICE = {
    "django.contrib.auth.middleware.SessionAuthenticationMiddleware": (
        "remove it, sessions are verified since 1.10 without it"
    ),
    "django.contrib.gis.geoip": "use django.contrib.gis.geoip2",
    "django.contrib.gis.gdal.OGRException": "use django.contrib.gis.gdal.GDALException",
    "django.contrib.gis.gdal.error.OGRException": "use django.contrib.gis.gdal.error.GDALException",
    "django.contrib.gis.db.models.manager": "remove GeoManager, every manager can do what it did",
    "django.contrib.gis.db.models.query": "use the functions of django.contrib.gis.db.models.functions",
    "django.contrib.admin.ACTION_CHECKBOX_NAME": "import it from django.contrib.admin.helpers",
    "django.core.exceptions.DjangoRuntimeWarning": "use RuntimeWarning",
    "django.test.utils.patch_logger": "use assertLogs() of the test case",
    "django.test.utils.str_prefix": "write the string out, Python 3 has no prefixes",
    "django.test.runner.reorder_suite": "use reorder_tests() of the same module",
    "django.utils.decorators.available_attrs": "use functools.WRAPPER_ASSIGNMENTS",
    "django.utils.decorators.ContextDecorator": "use contextlib.ContextDecorator",
    "django.utils.functional.curry": "use functools.partial",
    "django.utils.safestring.SafeBytes": "use SafeString",
    "django.utils.safestring.EscapeText": "use SafeString",
    "django.utils.http.limited_parse_qsl": "use urllib.parse.parse_qsl(max_num_fields=...)",
    "django.db.models.expressions.Random": "use django.db.models.functions.Random",
    "django.views.debug.ExceptionReporterFilter": "use SafeExceptionReporterFilter",
    "django.contrib.admin.utils.lookup_needs_distinct": "use lookup_spawns_duplicates() of the same module",
    "django.contrib.auth.views.SuccessURLAllowedHostsMixin": "use RedirectURLMixin of the same module",
    "django.http.multipartparser.parse_header": "use django.utils.http.parse_header_parameters",
    "django.contrib.sitemaps.ping_google": "remove it, Google's endpoint for pings is closed",
    "django.contrib.sitemaps.SitemapNotFound": "remove it together with ping_google()",
    "django.urls.converters.get_converter": "use get_converters()[name] of the same module",
    "django.contrib.admin.helpers.checkbox": "use a CheckboxInput of your own",
    "django.template.base.TRANSLATOR_COMMENT_MARK": "write the string 'Translators' instead",
}

_WARNINGS = (
    "Django issues no such warnings any more, remove what filters them or use RemovedInNextVersionWarning"
)

_MOVER = MovedName("DUN", {})
"""Lends its fixes: an import that only changes its module."""


class DroppedName(MissingName):
    """An import or an attribute access of something that an earlier release had, and that no rule speaks about."""

    lack = Lack.DROPPED

    def missing(self, found: Lacking, ctx: Context) -> Iterator[Finding]:
        """One finding a place."""
        if explained(found, ctx):
            return
        assert found.presence is not None
        table = names_table()
        last = max(release for release in found.presence.releases if release < ctx.target)
        gone = next(release for release in table.releases if release > last)
        origin = _origin(found.name, ctx.target)
        other = elsewhere(found.name, ctx.target)
        advice = (
            _ADVICE.get(found.name)
            or (_WARNINGS if found.name.startswith("django.utils.deprecation.RemovedInDjango") else "")
            or (f"import it from {origin.rpartition('.')[0]}" if origin else "")
            or (f"there is {other}" if other else "")
        )
        message = f"{found.name} is gone since Django {gone}" + (f": {advice}" if advice else "")
        fix = self._fix(found, origin, ctx) if origin else None
        yield self.finding(ctx, place(found, ctx), message, fix, uses=uses(found, ctx), gone_in=gone)

    def _fix(self, found: Lacking, origin: str, ctx: Context) -> Fix | None:
        node = found.node
        if isinstance(node, ast.alias) and isinstance(parent(node), ast.ImportFrom):
            return _MOVER.fix_import(node, origin, ctx)
        return _MOVER.fix_use(node, origin, ctx) if isinstance(node, ast.Attribute) else None


def _origin(name: str, target: Release) -> str | None:
    """Where a name had been imported from, if one can do so too: the object is the same."""
    table = names_table()
    origin = table.origin(name)
    for _ in range(8):
        if origin is None or "." not in origin or origin.startswith("__future__"):
            return None
        if not origin.startswith("django.") or table.exists(origin, target):
            return origin
        origin = table.origin(origin)
    return None


rule = DroppedName("DUN0003")
