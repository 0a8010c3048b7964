import ast

from django_uplift.api import Call, Change, Confidence, Context, Fix, Found, Rule, glimpse
from django_uplift_rules.kinds import TEST_CASES, receiver

# How many arguments the new signature has, without msg_prefix.
_WIDTH = {"assertFormError": 3, "assertFormsetError": 4, "assertFormSetError": 4}
_REQUESTS = ("get", "post", "put", "patch", "delete", "head", "options", "generic", "trace")


class AssertFormErrorResponse(Rule):
    """The form (or formset) itself comes first now, not a response and a name in its context."""

    methods = tuple(_WIDTH)
    calls = tuple(f"pytest_django.asserts.{name}" for name in _WIDTH)

    def prefilter(self, data: bytes) -> bool:
        """The new signature has fewer arguments."""
        return any(
            call is None or _may_be_old(call, width)
            for name, width in _WIDTH.items()
            if name.encode() in data
            for call in glimpse.calls(name.encode(), data)
        ) or any(glimpse.renamed(name.encode(), data) for name in _WIDTH)

    def method(self, call: Call, ctx: Context) -> Found:
        """A call on a test case."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        sure = receiver(function.value, function.attr, ctx, on=TEST_CASES, distinctive=True)
        if sure is not None:
            yield from self._check(call, function.attr, sure, ctx)

    def call(self, call: Call, ctx: Context) -> Found:
        """A call of pytest-django's function."""
        yield from self._check(call, call.name.rpartition(".")[2], Confidence.PROVEN, ctx)

    def _check(self, call: Call, name: str, sure: Confidence, ctx: Context) -> Found:
        if call.unpacks or not _is_old(call, _WIDTH[name], ctx):
            return
        response = call.argument("response", 0)
        if response is None:
            return
        what = "form" if _WIDTH[name] == 3 else "formset"
        message = f"Passing a response to {name}() {self.since(ctx.target)}: pass the {what} itself"
        yield self.finding(ctx, response, message, self._fix(call, response, what, ctx), confidence=sure)

    def _fix(self, call: Call, response: ast.expr, what: str, ctx: Context) -> Fix | None:
        by_name = call.keyword(what)
        name = by_name.value if by_name else call.positional(0 if call.keyword("response") else 1)
        if name is None or not isinstance(response, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            return None
        new = f"{ctx.source(response)}.context[{ctx.source(name)}]"
        given = call.keyword("response")

        def build() -> Change | None:
            if by_name is not None:
                edits = [ctx.replace(name, new), *call.remove(given or response)]
            elif given is not None:
                edits = [ctx.replace(name, new), *call.remove(given)]
            else:
                edits = [ctx.replace(response, new), *call.remove(name)]
            return Change(tuple(edits))

        return ctx.fix(f"Pass the {what}", build)


def _may_be_old(node: ast.Call, width: int) -> bool:
    names = [keyword.arg for keyword in node.keywords]
    return "response" in names or len(node.args) + len(names) - ("msg_prefix" in names) > width


def _is_old(call: Call, width: int, ctx: Context) -> bool:
    """Whether the arguments fit the old signature and not the new one."""
    if call.keyword("response"):
        return True
    given = len(call.node.args) + sum(keyword.arg != "msg_prefix" for keyword in call.node.keywords)
    if given != width + 1:
        # Fewer are the new signature's; with msg_prefix by position there is one more.
        return given == width + 2 and not call.keyword("msg_prefix")
    if call.keyword("msg_prefix") or (call.node.args and (call.keyword("form") or call.keyword("formset"))):
        return True
    # The new signature with msg_prefix by position has as many: the first argument decides.
    first = call.positional(0)
    return first is not None and _is_response(first, ctx)


def _is_response(node: ast.expr, ctx: Context) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "response"
    if isinstance(node, ast.Call):
        return _requests(node)
    if not isinstance(node, ast.Name):
        return False
    values = [binding.value for binding in ctx.names.lookup(node.id, node)]
    if any(isinstance(value, ast.Call) and _requests(value) for value in values):
        return True
    return (
        node.id in ("resp", "res", "r", "rv")
        or node.id.endswith("response")
        or node.id.startswith("response")
    )


def _requests(call: ast.Call) -> bool:
    """Whether it is a test client's request: ``self.client.post(...)``."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in _REQUESTS:
        return False
    owner = function.value
    word = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return word == "c" or word.endswith("client")


rule = AssertFormErrorResponse(
    "DUR5003",
    deprecated_in="4.1",
    removed_in="5.0",
    replacement_since="4.1",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)
