import ast
import re

from django_uplift.api import Call, Confidence, Context, Edit, Fix, Found, Rule, Severity
from django_uplift_rules.kinds import declared, header_of, name_span

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options", "trace", "generic")
_CLIENTS = (
    *(f"django.test.{name}" for name in ("Client", "RequestFactory", "AsyncClient", "AsyncRequestFactory")),
    "rest_framework.test.APIClient",
    "rest_framework.test.APIRequestFactory",
)
_CALLED = re.compile(r"(?:^|_)(?:client|request_?factory|factory|rf)\d*$")
_KEYWORD = re.compile(rb"\bHTTP_[A-Z0-9_]+\s*=(?!=)")


class TestClientHeaders(Rule):
    """The test client takes headers by their names."""

    calls = _CLIENTS
    methods = _VERBS
    default = False
    default_severity = Severity.INFORMATION

    def prefilter(self, data: bytes) -> bool:
        """Whether a keyword is called as WSGI calls headers."""
        return _KEYWORD.search(data) is not None

    def call(self, call: Call, ctx: Context) -> Found:
        """A client with headers that it sends each time."""
        if "Async" not in call.name:
            yield from self._check(call, Confidence.PROVEN, ctx)

    def method(self, call: Call, ctx: Context) -> Found:
        """A request by something that is, or is called, a client."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        owner = function.value
        told = declared(owner, ctx)
        name = (
            owner.id
            if isinstance(owner, ast.Name)
            else owner.attr
            if isinstance(owner, ast.Attribute)
            else ""
        )
        if told in _CLIENTS and "Async" not in told:
            yield from self._check(call, Confidence.PROVEN, ctx)
        elif told is None and _CALLED.search(name) and "async" not in name:
            yield from self._check(call, Confidence.LIKELY, ctx)

    def _check(self, call: Call, sure: Confidence, ctx: Context) -> Found:
        headers = [
            (keyword, header) for keyword in call.node.keywords if (header := header_of(keyword.arg or ""))
        ]
        function = call.node.func
        if headers and isinstance(function, (ast.Name, ast.Attribute)):
            (first, header), *rest = headers
            message = f'headers={{"{header}": ...}} says the header by its name'
            yield self.finding(
                ctx,
                call.keyword_span(first),
                message,
                self._fix(call, headers, ctx) if name_span(function, ctx) else None,
                confidence=sure,
                uses=[call.keyword_span(keyword) for keyword, _ in rest],
            )

    def _fix(self, call: Call, headers: list[tuple[ast.keyword, str]], ctx: Context) -> Fix | None:
        present = call.keyword("headers")
        if present is not None and not isinstance(present.value, ast.Dict):
            return None
        entries = [f'"{header}": {self._value(keyword, ctx)}' for keyword, header in headers]
        if any("\n" in entry and "#" in entry for entry in entries):
            return None
        if present is not None and isinstance(present.value, ast.Dict):
            if not present.value.values:
                return None
            end = ctx.outer_span(present.value.values[-1]).end
            edits = [
                *call.remove_all([keyword for keyword, _ in headers]),
                Edit(end, end, f", {', '.join(entries)}"),
            ]
            return ctx.fix("Pass headers", edits)
        (first, _), *rest = headers
        place = ctx.span(first)
        end = max(place.end, ctx.outer_span(first.value).end)
        edits = call.remove_all([keyword for keyword, _ in rest]) if rest else []
        edits.append(Edit(place.start, end, f"headers={{{', '.join(entries)}}}"))
        return ctx.fix("Pass headers", edits)

    def _value(self, keyword: ast.keyword, ctx: Context) -> str:
        return ctx.text[slice(*ctx.outer_span(keyword.value))]


rule = TestClientHeaders(
    "DUM006",
    introduced_in="4.2",
    link="https://docs.djangoproject.com/en/4.2/releases/4.2/#tests",
)
