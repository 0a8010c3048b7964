import ast

from django_uplift.api import Context, Edit, Fix, Found, Rule
from django_uplift_rules.kinds import may_be_settings_root, settings_root


class UseTzUnset(Rule):
    """The default of `USE_TZ` changes; a project that has it in any file has decided."""

    words = ("INSTALLED_APPS", "ROOT_URLCONF")
    any_words = ("ROOT_URLCONF",)

    def prefilter(self, data: bytes) -> bool:
        """The file itself says nothing, and may be a settings module."""
        return b"USE_TZ" not in data and may_be_settings_root(data)

    def file(self, ctx: Context) -> Found:
        """A settings module that is whole."""
        place = settings_root(ctx)
        if place is None or ctx.mentioned("USE_TZ") or ctx.star_imported:
            return
        message = (
            "USE_TZ is not set: it means False before Django 5.0 (deprecated since 4.0), and True from then on; "
            "say which one you mean"
        )
        yield self.finding(ctx, place, message, self._fix(place, ctx))

    def _fix(self, place: ast.Name, ctx: Context) -> Fix:
        start = ctx.span(ctx.statement(place)).start
        before = ctx.text[:start].rpartition("\n")[2].rpartition("\r")[2]
        behind = "; " if before.strip() else f"{ctx.newline}{before}"
        return ctx.fix("Set USE_TZ = False", Edit(start, start, f"USE_TZ = False{behind}"))


rule = UseTzUnset(
    "DUR5020",
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="1.4",
    changes_meaning=True,
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)
