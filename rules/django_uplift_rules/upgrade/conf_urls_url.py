import ast

from django_uplift.api import Call, Change, Context, Edit, Fix, Found, Need, Reference, parent
from django_uplift_rules.kinds import PATH_UNSAFE, MovedName, Route, beside, route_of


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
        calls = {use: _call_of(use, ctx) for use in ctx.uses(alias)}
        routes = {use: route_of(call, "regex", ctx) if call else None for use, call in calls.items()}
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
        return ctx.fix("Replace with path()", build, unsafe="" if exact else PATH_UNSAFE)


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


def _rewritten(use: ast.AST, route: Route, ctx: Context) -> list[Edit]:
    call = _call_of(use, ctx)
    regex = call.argument("regex", 0) if call else None
    assert call is not None and regex is not None
    return [ctx.replace(regex, route.written(ctx.source(regex))), *_regex_keyword(use, ctx)]


rule = ConfUrlsUrl(
    "DUR4003",
    {"django.conf.urls.url": "django.urls.re_path"},
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="2.0",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)
