import ast

from django_uplift.api import Context, Found, Rule, parent


class TestSerialize(Rule):
    """What tests need serialised, their classes say."""

    strings = ("SERIALIZE",)

    def string(self, node: ast.Constant, ctx: Context) -> Found:
        """A key of a database's ``TEST``."""
        if _is_key_below_test(node):
            gone = self.removed_in is not None and ctx.target >= self.removed_in
            silently = " and is silently ignored" if gone else ""
            message = (
                f"The test database's setting SERIALIZE {self.since(ctx.target)}{silently}: remove it, and set "
                "serialized_rollback in the test classes that need it"
            )
            yield self.finding(ctx, node, message)


def _is_key_below_test(node: ast.Constant) -> bool:
    up = parent(node)
    if isinstance(up, ast.Subscript) and up.slice is node:
        return isinstance(up.value, ast.Subscript) and _is_test(up.value.slice)
    if not isinstance(up, ast.Dict) or node not in up.keys:
        return False
    above = parent(up)
    if isinstance(above, ast.Dict):
        return any(value is up and _is_test(key) for key, value in zip(above.keys, above.values, strict=True))
    if isinstance(above, ast.Assign) and isinstance(above.targets[0], ast.Subscript):
        return _is_test(above.targets[0].slice)
    return False


def _is_test(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value == "TEST"


rule = TestSerialize(
    "DUR5019",
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)
