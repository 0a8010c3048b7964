import ast
from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds import Arguments


class IncludeNamespace(Arguments):
    """A namespace is an instance of an application, which has to have a name."""

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """Whether there is a namespace, for patterns that can be looked at."""
        if node.args and not isinstance(node.args[0], (ast.Constant, ast.List)):
            return False
        return len(node.args) > 1 or any(keyword.arg == "namespace" for keyword in node.keywords)

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """An include of patterns, or of a module of the project, without a name."""
        namespace = call.argument("namespace", 1)
        included = call.argument("arg", 0)
        if namespace is None or included is None or call.argument("app_name", 2) is not None:
            return
        if isinstance(namespace, ast.Constant) and not namespace.value:
            return
        if isinstance(included, ast.Constant) and isinstance(included.value, str):
            summary = ctx.modules.summary(included.value)
            if summary is None or not summary.lacks("app_name"):
                return
            what = f"set app_name in {included.value}"
        elif isinstance(included, ast.List):
            what = "pass the tuple (patterns, app_name)"
        else:
            return
        message = f"include() with a namespace and without an app_name {self.since(ctx.target)}: {what}"
        yield self.finding(ctx, namespace, message)


rule = IncludeNamespace(
    "DUR2017",
    ("django.conf.urls.include", "django.urls.include"),
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)
