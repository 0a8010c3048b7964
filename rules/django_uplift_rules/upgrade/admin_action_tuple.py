import ast
import re

from django_uplift.api import Confidence, Context, Found, Rule, parent
from django_uplift_rules.kinds import MODEL_ADMINS, descends

_ONE = frozenset({"get_action"})
_ALL = frozenset({"get_actions"})
_ATTRIBUTES = {0: "func", 1: "name", 2: "description"}


_TAKEN = re.compile(rb"\.\s*(?:values|items|pop|get)\s*\(|\[\s*\d\s*\]|\]\s*(?:$|#)", re.MULTILINE)
_ASKED = re.compile(rb"(?:\bself|\bsuper[\s\\]*\([^)]*\))[\s\\)]*\.[\s\\]*get_actions?\b")


class AdminActionTuple(Rule):
    """Actions have attributes, where they had places."""

    nodes = (ast.Subscript, ast.Tuple)
    any_words = ("get_actions",)

    def prefilter(self, data: bytes) -> bool:
        """Whether actions are asked for, and something is indexed or comes out of a dictionary."""
        return b"dmin" in data and _TAKEN.search(data) is not None and _ASKED.search(data) is not None

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An index behind an action, or names that one is unpacked into."""
        if isinstance(node, ast.Subscript):
            index = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if type(index) is int and _is_action(node.value, ctx) and _in_admin(node, ctx):
                attribute = _ATTRIBUTES.get(index, "the attributes")
                message = f"Indexing an action {self.since(ctx.target)}: use its {attribute}"
                yield self.finding(ctx, node, message, confidence=Confidence.PROVEN)
        elif (
            isinstance(node, ast.Tuple)
            and len(node.elts) == 3
            and _takes_an_action(node, ctx)
            and _in_admin(node, ctx)
        ):
            message = f"Unpacking an action {self.since(ctx.target)}: use its func, name and description"
            yield self.finding(ctx, node, message, confidence=Confidence.PROVEN)


def _in_admin(node: ast.AST, ctx: Context) -> bool:
    cls = ctx.class_of(node)
    return cls is not None and descends(cls, ctx, MODEL_ADMINS) is not None


def _takes_an_action(node: ast.Tuple, ctx: Context) -> bool:
    if not isinstance(node.ctx, ast.Store):
        return False
    up = parent(node)
    if isinstance(up, ast.Assign):
        return _is_action(up.value, ctx)
    if isinstance(up, (ast.For, ast.comprehension)):
        return _is_call_on_actions(up.iter, "values", ctx)
    outer = parent(up) if isinstance(up, ast.Tuple) else None
    return isinstance(outer, (ast.For, ast.comprehension)) and _is_call_on_actions(outer.iter, "items", ctx)


def _is_action(node: ast.expr, ctx: Context) -> bool:
    if isinstance(node, ast.Subscript):
        return (
            isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, str)
            and _are_actions(node.value, ctx)
        )
    if isinstance(node, ast.Call):
        return (
            _gives(node, _ONE)
            or _is_call_on_actions(node, "pop", ctx)
            or _is_call_on_actions(node, "get", ctx)
        )
    value = _assigned(node, ctx)
    return value is not None and not isinstance(value, ast.Name) and _is_action(value, ctx)


def _are_actions(node: ast.expr, ctx: Context) -> bool:
    value = _assigned(node, ctx)
    return _gives(value if value is not None else node, _ALL)


def _assigned(node: ast.expr, ctx: Context) -> ast.expr | None:
    bindings = ctx.names.lookup(node.id, node) if isinstance(node, ast.Name) else ()
    value = bindings[0].value if len(bindings) == 1 else None
    return value if value is not None and isinstance(parent(value), (ast.Assign, ast.NamedExpr)) else None


def _is_call_on_actions(node: ast.expr, method: str, ctx: Context) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != method:
        return False
    return _are_actions(node.func.value, ctx)


def _gives(node: ast.expr, methods: frozenset[str]) -> bool:
    if (
        not isinstance(node, ast.Call)
        or not isinstance(node.func, ast.Attribute)
        or node.func.attr not in methods
    ):
        return False
    owner = node.func.value
    if isinstance(owner, ast.Call):
        owner = owner.func
        return isinstance(owner, ast.Name) and owner.id == "super"
    return isinstance(owner, ast.Name) and owner.id == "self"


rule = AdminActionTuple(
    "DUR7033",
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)
