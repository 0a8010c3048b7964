import ast

from django_uplift.api import Context, Edit, Found, Release, Rule, Severity, names_table
from django_uplift_rules.kinds import name_span
from django_uplift_rules.kinds.blocks import lifted, replaced, stands_alone

# Names of the standard library that every Python 3 has, and that Python 2 lacked or kept elsewhere.
_STANDARD = frozenset(
    {
        "collections.Counter", "collections.OrderedDict", "contextlib.ContextDecorator", "enum.Enum",
        "functools.lru_cache", "functools.wraps", "html.escape", "html.unescape", "http.client",
        "http.cookies.SimpleCookie", "importlib.import_module", "io.BytesIO", "io.StringIO", "pathlib.Path",
        "unittest.mock", "configparser", "queue", "urllib.parse", "urllib.request", "urllib.error", "html.parser",
    }
)  # fmt: skip
_STANDARD_MODULES = ("urllib.parse", "urllib.request", "urllib.error", "collections.abc", "unittest.mock")
# What these import may not be installed: a fallback has another reason.
_OPTIONAL = (
    "django.contrib.gis", "django.contrib.postgres", "django.db.backends", "django.core.cache.backends",
    "django.core.serializers.pyyaml", "django.template.backends.jinja2",
)  # fmt: skip
_IMPORTS = (ast.Import, ast.ImportFrom)


class ImportFallback(Rule):
    """Of two ways to import the same, the project's Djangos and Pythons all have the one, or all the other."""

    nodes = (ast.Try,)
    words = ("try", "except", "import")
    any_words = ("ImportError", "ModuleNotFoundError")
    default = False
    default_severity = Severity.INFORMATION

    def node(self, node: ast.AST, ctx: Context) -> Found:
        """An import with a fallback."""
        assert isinstance(node, ast.Try)
        if len(node.handlers) != 1 or node.orelse or node.finalbody or ctx.oldest < (2, 0):
            return
        (handler,) = node.handlers
        if not isinstance(handler.type, ast.Name) or handler.type.id not in (
            "ImportError",
            "ModuleNotFoundError",
        ):
            return
        names = _imported(node.body, ctx)
        if not names or not all(
            isinstance(statement, (*_IMPORTS, ast.Assign, ast.Try)) or _is_constant(statement)
            for statement in handler.body
        ):
            return
        gone = next((name for name in names if _is_gone(name, ctx)), "")
        if all(_is_there(name, ctx) for name in names) and _is_for_old(names, handler, ctx):
            message = f"{names[0]} is there on every Django from {ctx.oldest} on: the fallback is dead"
            edits = None if _is_needed(handler, node.body, ctx) else _lift(node, "try", node.body, ctx)
        elif gone and _does_nothing_before(gone, node.body, ctx) and _works(handler.body, ctx):
            message = f"{gone} is there on no Django from {ctx.oldest} on: only the fallback runs"
            edits = _lift(node, "except", handler.body, ctx)
        else:
            return
        fix = ctx.fix("Keep the import that works", edits) if edits else None
        imported = next(statement for statement in node.body if isinstance(statement, _IMPORTS))
        place = name_span(imported, ctx) if isinstance(imported, ast.ImportFrom) else imported.names[0]
        yield self.finding(ctx, place, message, fix)


def _imported(body: list[ast.stmt], ctx: Context) -> list[str]:
    """The names that a block imports; none if it does anything but to import, and to set constants."""
    found: list[str] = []
    for statement in body:
        if isinstance(statement, ast.ImportFrom):
            found += [f"{ctx.names.absolute(statement)}.{alias.name}" for alias in statement.names]
        elif isinstance(statement, ast.Import):
            found += [alias.name for alias in statement.names]
        elif not _is_constant(statement) and not (
            isinstance(statement, ast.Assign) and isinstance(statement.value, (ast.Constant, ast.Name))
        ):
            return []
    return found


def _is_constant(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _does_nothing_before(name: str, body: list[ast.stmt], ctx: Context) -> bool:
    """Whether the import of a name is the first statement that does anything."""
    first = next((statement for statement in body if not _is_constant(statement)), None)
    return first is not None and name in _imported([first], ctx)


def _releases(ctx: Context) -> list[Release]:
    return [release for release in names_table().releases if release >= ctx.oldest]


def _is_there(name: str, ctx: Context) -> bool:
    if name in _STANDARD or name.rpartition(".")[0] in _STANDARD_MODULES:
        return True
    if not name.startswith("django.") or name.startswith(_OPTIONAL):
        return False
    releases = _releases(ctx)
    return bool(releases) and all(names_table().exists(name, release) for release in releases)


def _is_needed(handler: ast.ExceptHandler, body: list[ast.stmt], ctx: Context) -> bool:
    """Whether other code uses a name that the fallback alone binds: a flag says there which of the two it was."""
    bound = {alias.asname or alias.name for statement in body for alias in getattr(statement, "names", ())}
    return any(
        (alias.asname or alias.name) not in bound and ctx.uses(alias)
        for statement in handler.body
        if isinstance(statement, _IMPORTS)
        for alias in statement.names
    )


def _works(body: list[ast.stmt], ctx: Context) -> bool:
    """Whether a fallback imports something, and nothing of it is gone as well."""
    names = _imported(body, ctx)
    return bool(names) and not any(_is_gone(name, ctx) or _is_unknown(name) for name in names)


def _is_unknown(name: str) -> bool:
    """Whether no Django that the table knows has such a name: it was gone before the oldest of them."""
    return name.startswith("django.") and names_table().presence(name) is None


def _is_gone(name: str, ctx: Context) -> bool:
    module, _, last = name.rpartition(".")
    table, releases = names_table(), _releases(ctx)
    if not name.startswith("django.") or last.startswith("_") or not releases:
        return False
    # Once it was there: a name that the table never heard of tells nothing.
    return table.presence(name) is not None and not any(
        table.exists(name, release) or table.is_dynamic(module, release) for release in releases
    )


def _is_for_old(names: list[str], handler: ast.ExceptHandler, ctx: Context) -> bool:
    """Whether the fallback is for an old Django or Python, and not for none at all."""
    if any(name.startswith("django.") for name in _imported(handler.body, ctx)):
        return True
    table = names_table()
    return all(not name.startswith("django.") or not table.exists(name, table.releases[0]) for name in names)


def _lift(node: ast.Try, word: str, body: list[ast.stmt], ctx: Context) -> list[Edit] | None:
    if not stands_alone(node, ctx):
        return None
    handler = node.handlers[0]
    if word == "try":
        header = ctx.span(node).start + len("try")
    elif handler.type is not None and handler.name is None:
        header = ctx.outer_span(handler.type).end
    else:
        return None
    text = lifted(header, body, node, ctx)
    return None if text is None else [replaced(node, text, ctx)]


rule = ImportFallback(
    "DUC004", introduced_in="2.0", link="https://docs.djangoproject.com/en/stable/releases/"
)
