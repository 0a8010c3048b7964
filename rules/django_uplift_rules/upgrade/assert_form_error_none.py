import ast

from django_uplift.api import Call, Context, Found, Rule, glimpse
from django_uplift_rules.kinds import TEST_CASES, receiver

# How many arguments stand before errors.
_BEFORE = {"assertFormError": 2, "assertFormsetError": 3, "assertFormSetError": 3}


class AssertFormErrorNone(Rule):
    """No errors are an empty list."""

    methods = tuple(_BEFORE)

    def prefilter(self, data: bytes) -> bool:
        """Most calls have no None."""
        return any(
            call is None
            or any(_is_none(k.value) for k in call.keywords if k.arg == "errors")
            or (len(call.args) > _BEFORE[name] and _is_none(call.args[-1]))
            for name in _BEFORE
            if name.encode() in data
            for call in glimpse.calls(name.encode(), data)
        )

    def method(self, call: Call, ctx: Context) -> Found:
        """A call on a test case."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        errors = call.keyword("errors")
        value: ast.expr | None = errors.value if errors else None
        if errors is None and not call.unpacks and len(call.node.args) > _BEFORE[function.attr]:
            # With the response in front, as it was before 4.1, there is one argument more; msg_prefix is never None.
            value = call.node.args[-1] if len(call.node.args) <= _BEFORE[function.attr] + 2 else None
        if value is None or not _is_none(value):
            return
        sure = receiver(function.value, function.attr, ctx, on=TEST_CASES, distinctive=True)
        if sure is not None:
            message = f"errors=None for {function.attr}() {self.since(ctx.target)}: pass an empty list"
            fix = ctx.fix("Replace with []", ctx.replace(value, "[]"))
            yield self.finding(ctx, value, message, fix, confidence=sure)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


rule = AssertFormErrorNone(
    "DUR5018",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)
