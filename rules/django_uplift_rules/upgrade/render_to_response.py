import ast

from django_uplift.api import Call, Change, Context, Edit, Fix, Found, Need, Reference, Rule, parent
from django_uplift_rules.kinds import name_span

_CONTEXTS = ("django.template.RequestContext", "django.template.context.RequestContext")
_MORE_CONTEXT = "the context processors run too"


class RenderToResponse(Rule):
    """`render()` does the same with a request; where the function has one, the fix passes it."""

    names = ("django.shortcuts.render_to_response",)

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """One finding an import, one an attribute access."""
        node = reference.node
        message = (
            f"django.shortcuts.render_to_response {self.since(ctx.target)}: use render() with the request"
        )
        uses: list[ast.AST] = list(ctx.uses(node)) if isinstance(node, ast.alias) else [node]
        fix = self._fix(node, uses, ctx)
        marked = [ctx.span(use) for use in uses] if isinstance(node, ast.alias) else []
        yield self.finding(ctx, name_span(node, ctx), message, fix, uses=marked)

    def _fix(self, node: ast.AST, uses: list[ast.AST], ctx: Context) -> Fix | None:
        calls = [(use, _with_request(use, ctx)) for use in uses]
        if not calls or not all(request for _, request in calls):
            return None
        statement = parent(node)
        if isinstance(node, ast.alias) and (ctx.exported(node) or not isinstance(statement, ast.ImportFrom)):
            return None

        def build() -> Change | None:
            edits: list[Edit] = []
            needs: dict[Need, None] = {}
            for use, request in calls:
                call = parent(use)
                assert isinstance(call, ast.Call)
                if isinstance(use, ast.Attribute):
                    written = f"{ctx.source(use.value)}.render"
                else:
                    near = statement if isinstance(statement, ast.ImportFrom) else None
                    written, needed = ctx.reference_to("django.shortcuts.render", use, near=near, direct=True)
                    needs.update(dict.fromkeys(needed))
                edits.append(ctx.replace(use, written))
                start = ctx.outer_span(call.args[0]).start
                edits.append(Edit(start, start, f"{request}, "))
                context = _request_context(ctx.call_of(call), ctx)
                if context is not None:
                    edits += ctx.call_of(call).remove(context)
            return Change(tuple(edits), tuple(needs), drops=(node,) if isinstance(node, ast.alias) else ())

        return ctx.fix("Replace with render()", build, unsafe=_MORE_CONTEXT)


def _with_request(use: ast.AST, ctx: Context) -> str:
    """How the function around a call names its request; empty where it has none, or the call is not a plain one."""
    node = parent(use)
    if not isinstance(node, ast.Call) or node.func is not use or not node.args:
        return ""
    call: Call = ctx.call_of(node)
    if call.unpacks or isinstance(node.args[0], ast.GeneratorExp):
        return ""
    if call.keyword("context_instance") and _request_context(call, ctx) is None:
        return ""
    function = ctx.function(node)
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return ""
    return "request" if any(arg.arg == "request" for arg in function.args.args) else ""


def _request_context(call: Call, ctx: Context) -> ast.keyword | ast.expr | None:
    """The argument ``RequestContext(request)`` of Django 1.9 and older: `render()` makes one itself."""
    given: ast.keyword | ast.expr | None = call.keyword("context_instance")
    if given is None and len(call.node.args) > 2:
        given = call.node.args[2]
    value = given.value if isinstance(given, ast.keyword) else given
    if not isinstance(value, ast.Call) or ctx.resolve(value.func) not in _CONTEXTS:
        return None
    is_plain = len(value.args) == 1 and not value.keywords
    is_last = isinstance(given, ast.keyword) or given is call.node.args[-1]
    return given if is_plain and is_last else None


rule = RenderToResponse(
    "DUR3001",
    deprecated_in="2.0",
    removed_in="3.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#features-removed-in-3-0",
)
