import ast

from django_uplift.api import Context, Found, Rule, Setting, Severity
from django_uplift_rules.kinds.removal import remove_all


class DefaultAutoField(Rule):
    """The setting says what is the default now."""

    settings = ("DEFAULT_AUTO_FIELD",)
    default = False
    default_severity = Severity.INFORMATION

    def setting(self, setting: Setting, ctx: Context) -> Found:
        """An assignment of the default."""
        value, statement = setting.value, setting.node
        if not isinstance(value, ast.Constant) or value.value != "django.db.models.BigAutoField":
            return
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or ctx.names.star_imports:
            return
        fix = ctx.fix("Remove DEFAULT_AUTO_FIELD", remove_all([statement], ctx)[statement])
        message = "DEFAULT_AUTO_FIELD is BigAutoField by default since Django 6.0"
        yield self.finding(ctx, setting.place, message, fix)


rule = DefaultAutoField(
    "DUM007",
    introduced_in="6.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#default-auto-field-setting-now-defaults-to-bigautofield",
)
