import ast

from django_uplift.api import Confidence, Context, Edit, Found, Rule, parent

_OLD = "django-admin.py"
_RUN = frozenset({"run", "call", "check_call", "check_output", "Popen", "system", "popen", "getoutput"})


class DjangoAdminPy(Rule):
    """The command's name in what starts a process; prose may speak of it."""

    nodes = (ast.Constant,)
    words = ("django", "admin", "py")

    def prefilter(self, data: bytes) -> bool:
        """The name stands in the file."""
        return _OLD.encode() in data

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """A text that starts with the command."""
        assert isinstance(node, ast.Constant)
        if not isinstance(node.value, str) or not _starts_it(node.value) or not _is_run(node, ctx):
            return
        message = f"The command {_OLD} {self.since(ctx.target)}: it is called django-admin"
        source = ctx.source(node)
        fix = None
        if source.count(_OLD) == 1:
            at = ctx.span(node).start + source.index(_OLD)
            fix = ctx.fix("Call django-admin", Edit(at, at + len(_OLD), "django-admin"))
        yield self.finding(ctx, node, message, fix, confidence=Confidence.LIKELY)


def _starts_it(text: str) -> bool:
    return text == _OLD or text.startswith(f"{_OLD} ")


def _is_run(node: ast.Constant, ctx: Context) -> bool:
    """Whether a text is the command line that a function starts, or the first part of it."""
    up = parent(node)
    if isinstance(up, (ast.List, ast.Tuple)):
        if up.elts[0] is not node:
            return False
        node_or_list: ast.AST = up
        up = parent(up)
    else:
        node_or_list = node
    if not isinstance(up, ast.Call) or not up.args or up.args[0] is not node_or_list:
        return False
    name = ctx.resolve(up.func) or ""
    module, _, function = name.rpartition(".")
    return function in _RUN and module in ("subprocess", "os", "asyncio.subprocess")


rule = DjangoAdminPy(
    "DUR4023",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="1.7",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)
