import ast
from collections.abc import Iterator

from django_uplift.api import Call, Context, Finding
from django_uplift_rules.kinds import KeywordValue


class JsonBaggDefaultString(KeywordValue):
    """Encoded JSON, as a text or as the expression that holds one."""

    def may_concern(self, node: ast.Call, name: str) -> bool:
        """A default that is a text, or a call that may hold one."""
        calls = (isinstance(keyword.value, ast.Call) for keyword in node.keywords if keyword.arg == "default")
        return super().may_concern(node, name) or any(calls)

    def arguments(self, call: Call, name: str, ctx: Context) -> Iterator[Finding]:
        """A default that Django decoded."""
        yield from super().arguments(call, name, ctx)
        keyword = call.keyword("default")
        if keyword is None or not isinstance(keyword.value, ast.Call):
            return
        if ctx.resolve(keyword.value.func) != "django.db.models.Value":
            return
        value = ctx.call_of(keyword.value)
        text = value.argument("value", 0)
        if (
            value.unpacks
            or value.argument("output_field", 1) is not None
            or not isinstance(text, ast.Constant)
        ):
            return
        if isinstance(text.value, str):
            message = f"A text in Value() as JSONBAgg(default) {self.since(ctx.target)}: {self.advice}"
            yield self.finding(ctx, keyword.value, message)


rule = JsonBaggDefaultString(
    "DUR5110",
    {"django.contrib.postgres.aggregates.JSONBAgg": {"default": ["[]"]}},
    advice="encoded JSON is taken for a string; pass the list itself",
    replacement="[]",
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)
