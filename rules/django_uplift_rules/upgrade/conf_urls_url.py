import ast
import re
from typing import NamedTuple

from django_uplift.api import Call, Change, Context, Edit, Fix, Found, Need, Reference, parent
from django_uplift_rules.kinds import MovedName, beside

_GROUP = re.compile(r"\(\?P<(\w+)>((?:\[[^\]]*\]|\\.|[^()\\\[])+)\)")
_LITERAL = re.compile(r"[A-Za-z0-9_/,~@:;=&-]+|\\[./_-]")
# What a capture's pattern becomes, and whether it matches and captures the same.
_CONVERTERS = {
    "[^/]+": ("str", True),
    ".+": ("path", True),
    r"\d+": ("int", False),
    "[0-9]+": ("int", False),
    r"[-\w]+": ("slug", False),
    r"[\w-]+": ("slug", False),
    r"[\w\-]+": ("slug", False),
    r"[-\w\d]+": ("slug", False),
    "[-a-zA-Z0-9_]+": ("slug", True),
    "[a-zA-Z0-9_-]+": ("slug", True),
    r"[a-zA-Z0-9_\-]+": ("slug", True),
}
_PATH_UNSAFE = r"\d+ becomes an integer and [-\w]+ an ASCII slug"


class Route(NamedTuple):
    """What `path()` takes in place of an expression; `exact`: it matches and captures the same."""

    text: str
    exact: bool


def to_route(regex: str, *, prefix: bool) -> Route | None:
    """The route of an expression that has one. A `prefix` matches the start of a path, as for `include()`."""
    rest = regex.removeprefix("^")
    if rest == regex and not (prefix and not regex):
        return None
    whole = re.search(r"(\$|\\Z)$", rest)
    if whole and not re.search(r"\\\$$", rest):
        if prefix:
            return None
        rest = rest[: whole.start()]
    elif not prefix:
        return None
    parts: list[str] = []
    exact = True
    while rest:
        if group := _GROUP.match(rest):
            converter = _CONVERTERS.get(group[2])
            if converter is None:
                return None
            exact = exact and converter[1]
            parts.append(f"<{group[1]}>" if converter[0] == "str" else f"<{converter[0]}:{group[1]}>")
            rest = rest[group.end() :]
        elif literal := _LITERAL.match(rest):
            # A quantifier behind it would make it no literal.
            if rest[literal.end() : literal.end() + 1] in ("?", "*", "+", "{"):
                return None
            parts.append(literal[0].replace("\\", ""))
            rest = rest[literal.end() :]
        else:
            return None
    return Route("".join(parts), exact)


class ConfUrlsUrl(MovedName):
    """`url()` is `re_path()` under another name; where the expression is simple, `path()` says it better."""

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """As for any moved name, with a second alternative."""
        for finding in super().reference(reference, ctx):
            node = reference.node
            fixes = finding.fixes
            if fixes and isinstance(node, ast.alias) and node.asname is None:
                fixes = (*fixes, *filter(None, [self._with_path(node, ctx)]))
            yield self.finding(ctx, finding.span, finding.message, *fixes, uses=finding.uses)

    def fix_import(self, alias: ast.alias, new: str, ctx: Context) -> Fix:
        """Imports `include` from the same place, and renames the keyword `regex`."""
        plain = super().fix_import(alias, new, ctx)

        def build() -> Change | None:
            change = plain.build()
            if change is None:
                return None
            keywords = [edit for use in ctx.uses(alias) for edit in _regex_keyword(use, ctx)]
            needs, drops = _include(alias, ctx)
            return Change((*change.edits, *keywords), (*change.needs, *needs), (*change.drops, *drops))

        return ctx.fix(plain.title, build)

    def fix_use(self, node: ast.Attribute | ast.Name, new: str, ctx: Context) -> Fix:
        """Renames the keyword `regex` too."""
        plain = super().fix_use(node, new, ctx)

        def build() -> Change | None:
            change = plain.build()
            return change and Change((*change.edits, *_regex_keyword(node, ctx)), change.needs)

        return ctx.fix(plain.title, build)

    def _with_path(self, alias: ast.alias, ctx: Context) -> Fix | None:
        """`path()` for the calls that have a route, `re_path()` for the others; None if no call has one."""
        routes = {use: _route_of(use, ctx) for use in ctx.uses(alias)}
        found = [route for route in routes.values() if route is not None]
        if not found or self._stays(alias, ctx):
            return None

        def build() -> Change | None:
            edits: list[Edit] = []
            needs: dict[Need, None] = {}
            for use, route in routes.items():
                name = "path" if route else "re_path"
                written, needed = ctx.reference_to(
                    f"django.urls.{name}", alias, near=_near(alias, ctx), without=(alias,), direct=True
                )
                edits.append(ctx.replace(use, written))
                needs.update(dict.fromkeys(needed))
                if route is None:
                    edits += _regex_keyword(use, ctx)
                else:
                    edits += _rewritten(use, route, ctx)
            moved, drops = _include(alias, ctx)
            return Change(tuple(edits), (*needs, *moved), (alias, *drops))

        exact = all(route.exact for route in found)
        return ctx.fix("Replace with path()", build, unsafe="" if exact else _PATH_UNSAFE)


def _statement(alias: ast.alias) -> ast.ImportFrom | None:
    statement = parent(alias)
    return statement if isinstance(statement, ast.ImportFrom) else None


def _include(alias: ast.alias, ctx: Context) -> tuple[list[Need], list[ast.alias]]:
    """`include` of the same import moves along: two imports for one list of URLs would be odd."""
    statement = _statement(alias)
    if statement is None:
        return [], []
    found = [other for other in statement.names if other.name == "include" and not ctx.exported(other)]
    near = _near(alias, ctx)
    return [Need("django.urls", "include", other.asname, near=near) for other in found], found


def _near(alias: ast.alias, ctx: Context) -> ast.ImportFrom | None:
    statement = _statement(alias)
    return beside(statement, "django.urls", ctx) if statement is not None else None


def _call_of(use: ast.AST, ctx: Context) -> Call | None:
    call = parent(use)
    return ctx.call_of(call) if isinstance(call, ast.Call) and call.func is use else None


def _regex_keyword(use: ast.AST, ctx: Context) -> list[Edit]:
    call = _call_of(use, ctx)
    keyword = call.keyword("regex") if call else None
    return [call.rename_keyword(keyword, "route")] if call and keyword else []


def _route_of(use: ast.AST, ctx: Context) -> Route | None:
    call = _call_of(use, ctx)
    regex = call.argument("regex", 0) if call else None
    if call is None or not isinstance(regex, ast.Constant) or not isinstance(regex.value, str):
        return None
    view = call.argument("view", 1)
    if isinstance(view, ast.Attribute) and view.attr == "urls":
        return to_route(regex.value, prefix=True)
    if isinstance(view, ast.Call):
        if (ctx.resolve(view.func) or "").rpartition(".")[2] == "include":
            return to_route(regex.value, prefix=True)
    elif not isinstance(view, (ast.Name, ast.Attribute)):
        # What it is decides whether the expression matches a prefix or the whole path.
        return None
    return to_route(regex.value, prefix=False)


def _rewritten(use: ast.AST, route: Route, ctx: Context) -> list[Edit]:
    call = _call_of(use, ctx)
    regex = call.argument("regex", 0) if call else None
    assert call is not None and regex is not None
    quote = "'" if ctx.source(regex).lstrip("rRuUbB").startswith("'") else '"'
    return [Edit(*ctx.span(regex), f"{quote}{route.text}{quote}"), *_regex_keyword(use, ctx)]


rule = ConfUrlsUrl(
    "DUR4003",
    {"django.conf.urls.url": "django.urls.re_path"},
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="2.0",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)
