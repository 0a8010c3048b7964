import ast
import re

from django_uplift.api import Context, Edit, Found, Rule, Severity, parent
from django_uplift_rules.kinds import REQUESTS, header_of, name_span, receiver

_UNPREFIXED = {"CONTENT_TYPE": "content-type", "CONTENT_LENGTH": "content-length"}
_LITERAL = re.compile(r"""([rRuU]?(['"]))[A-Z0-9_]+\2""")
_WRITING = frozenset({"pop", "update", "setdefault", "clear", "popitem"})


class RequestHeaders(Rule):
    """`request.headers` knows headers by the names that they have on the wire."""

    nodes = (ast.Attribute,)
    words = ("META",)
    default = False
    default_severity = Severity.INFORMATION

    def prefilter(self, data: bytes) -> bool:
        """`META` alone, or for `REMOTE_ADDR`, is none of our business."""
        return b"HTTP_" in data or b"CONTENT_" in data

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """`request.META`, or what the local name that it was given to is used for."""
        assert isinstance(node, ast.Attribute)
        if node.attr != "META" or not isinstance(node.ctx, ast.Load):
            return
        sure = receiver(node.value, "META", ctx, on=REQUESTS, called=("request", "req"))
        if sure is None or _written(ctx):
            return
        for place in (node, *_aliases(node, ctx)):
            key = _key(place)
            header = _header(key)
            literal = _LITERAL.fullmatch(ctx.source(key)) if key is not None else None
            if key is None or header is None or literal is None or not isinstance(key.value, str):
                continue
            if place is node and not ctx.source(place).endswith("META"):
                # Older Pythons say wrongly where things stand in f-strings.
                continue
            if isinstance(place, ast.Attribute):
                edits = [Edit(*name_span(place, ctx), "headers")]
            else:
                edits = [ctx.replace(place, f"{ctx.source(node.value)}.headers")]
            edits.append(ctx.replace(key, f"{literal[1]}{header}{literal[2]}"))
            message = f'the header {key.value} is request.headers["{header}"]'
            fix = ctx.fix("Use request.headers", edits)
            yield self.finding(ctx, key, message, fix, confidence=sure)


def _header(key: ast.Constant | None) -> str | None:
    if key is None or not isinstance(key.value, str):
        return None
    return _UNPREFIXED.get(key.value) or header_of(key.value)


def _key(place: ast.expr) -> ast.Constant | None:
    """The key that is read of a mapping: ``place["key"]``, ``place.get("key")`` or ``"key" in place``."""
    up = parent(place)
    key: ast.AST | None = None
    if isinstance(up, ast.Subscript) and up.value is place and isinstance(up.ctx, ast.Load):
        key = up.slice
    elif isinstance(up, ast.Attribute) and up.attr == "get":
        call = parent(up)
        key = call.args[0] if isinstance(call, ast.Call) and call.func is up and call.args else None
    elif (
        isinstance(up, ast.Compare)
        and up.comparators == [place]
        and isinstance(up.ops[0], (ast.In, ast.NotIn))
    ):
        key = up.left
    return key if isinstance(key, ast.Constant) else None


def _aliases(node: ast.Attribute, ctx: Context) -> list[ast.Name]:
    """The reads of a local name that is ``request.META`` and nothing else, where `request` is still the same."""
    up = parent(node)
    if not isinstance(up, (ast.Assign, ast.NamedExpr)) or up.value is not node:
        return []
    targets = up.targets if isinstance(up, ast.Assign) else [up.target]
    target = targets[0]
    if len(targets) != 1 or not isinstance(target, ast.Name) or ctx.function(target) is None:
        return []
    if not isinstance(node.value, ast.Name):
        return []
    bindings = ctx.names.lookup(target.id, target)
    requests = ctx.names.lookup(node.value.id, node.value)
    if len(bindings) != 1 or len(requests) != 1:
        return []
    return [use for use in ctx.names.uses(bindings[0]) if ctx.names.lookup(node.value.id, use) == requests]


def _written(ctx: Context) -> bool:
    """Whether the file sets a header in some ``META``: `headers` is made of it once, and would not know."""
    for node in ctx.tree.nodes(ast.Attribute):
        if node.attr == "META":
            up = parent(node)
            if not isinstance(node.ctx, ast.Load):
                return True
            if isinstance(up, ast.Subscript) and up.value is node and not isinstance(up.ctx, ast.Load):
                if not isinstance(up.slice, ast.Constant) or _header(up.slice) is not None:
                    return True
            if isinstance(up, ast.Attribute) and up.attr in _WRITING:
                call = parent(up)
                key = call.args[0] if isinstance(call, ast.Call) and call.args else None
                if not isinstance(key, ast.Constant) or _header(key) is not None:
                    return True
    return False


rule = RequestHeaders(
    "DUM003",
    introduced_in="2.2",
    link="https://docs.djangoproject.com/en/2.2/releases/2.2/#requests-and-responses",
)
