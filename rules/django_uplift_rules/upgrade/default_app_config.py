import ast

from django_uplift.api import Context, Found, Rule, parent
from django_uplift_rules.kinds.removal import remove_all


class DefaultAppConfig(Rule):
    """Django finds the only config of ``apps.py``, or the one with ``default = True``, by itself."""

    nodes = (ast.Name,)
    words = ("default_app_config",)
    any_words = ("default_app_config",)

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """The variable of an app's package."""
        assert isinstance(node, ast.Name)
        statement = parent(node)
        if node.id != "default_app_config" or not isinstance(statement, ast.Assign) or ctx.guarded(node):
            return
        if ctx.path.name != "__init__.py" or len(statement.targets) != 1:
            return
        if not isinstance(statement.value, ast.Constant) or not isinstance(statement.value.value, str):
            return
        message = f"default_app_config {self.since(ctx.target)}: Django finds the app's config by itself"
        edits = remove_all([statement], ctx)[statement]
        fix = ctx.fix("Remove default_app_config", edits, unsafe=self._unsafe(statement, ctx))
        yield self.finding(ctx, node, message, fix)

    def _unsafe(self, statement: ast.Assign, ctx: Context) -> str:
        assert isinstance(statement.value, ast.Constant)
        module, _, name = str(statement.value.value).rpartition(".")
        if module != f"{ctx.names.name}.apps":
            return "Django looks for the config in apps.py alone"
        summary = ctx.modules.summary(module)
        configs = [cls for cls, bases in summary.bases.items() if _inherits(bases)] if summary else []
        return "" if configs == [name] else "apps.py must say which config is the default"


def _inherits(bases: tuple[str, ...]) -> bool:
    return any(base.endswith("Config") for base in bases)


rule = DefaultAppConfig(
    "DUR4101",
    deprecated_in="3.2",
    removed_in="4.1",
    replacement_since="3.2",
    link="https://docs.djangoproject.com/en/4.1/releases/4.1/#features-removed-in-4-1",
)
