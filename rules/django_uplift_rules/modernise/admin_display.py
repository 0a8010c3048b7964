import ast
import re
from collections.abc import Iterator
from typing import NamedTuple

from django_uplift.api import Change, Context, Edit, Finding, Fix, Found, Need, Rule, Severity, Span, parent
from django_uplift_rules.kinds import name_span
from django_uplift_rules.kinds.removal import comment_behind, indent_at, remove_all, starts_own_line

_DISPLAY = {
    "short_description": "description",
    "boolean": "boolean",
    "admin_order_field": "ordering",
    "empty_value_display": "empty_value",
}
_ACTION = {"short_description": "description", "allowed_permissions": "permissions"}
_ATTRIBUTES = frozenset({*_DISPLAY, *_ACTION})
_WIDTH = 88
_PRAGMA = re.compile(r"#\s*(?:type|pyright|mypy|pyre|ty):\s*ignore|#\s*noqa")


class _Described(NamedTuple):
    """A function and the attributes that it is given behind its body."""

    function: ast.FunctionDef
    attributes: dict[str, ast.Assign]


class AdminDisplay(Rule):
    """Functions for the admin say by a decorator what the admin is to make of them."""

    any_words = tuple(sorted(_ATTRIBUTES))
    words = ("admin",)
    default = False
    default_severity = Severity.INFORMATION

    def file(self, ctx: Context) -> Found:
        """All functions at once: what is removed may stand side by side."""
        if not _imports_admin(ctx):
            return
        found = list(_described(ctx))
        gone = [statement for item in found for statement in item.attributes.values()]
        moving = [statement for statement in gone if _behind(statement, ctx)]
        removed = remove_all(gone, ctx, moving)
        for item in found:
            yield self._finding(item, removed, ctx)

    def _finding(self, item: _Described, removed: dict[ast.stmt, list[Edit]], ctx: Context) -> Finding:
        function, attributes = item
        kind = "action" if _is_action(item) else "display"
        places = [name_span(statement.targets[0], ctx) for statement in attributes.values()]
        message = f"@admin.{kind}(...) says this where {function.name}() begins"
        return self.finding(ctx, places[0], message, self._fix(item, kind, removed, ctx), uses=places[1:])

    def _fix(
        self, item: _Described, kind: str, removed: dict[ast.stmt, list[Edit]], ctx: Context
    ) -> Fix | None:
        function, attributes = item
        names = _ACTION if kind == "action" else _DISPLAY
        if not set(attributes) <= set(names) or {"boolean", "empty_value_display"} <= set(attributes):
            return None

        def build() -> Change | None:
            written, needs = _decorator(kind, function, ctx)
            edits: list[Edit] = []
            arguments: list[tuple[str, str]] = []
            for attribute, name in names.items():
                if statement := attributes.get(attribute):
                    edits += removed[statement]
                    text = f"{name}={_value(statement, ctx)}"
                    arguments.append((text, _comment(statement, ctx)))
            indent = indent_at(function, ctx)
            text = _call(written, arguments, indent, ctx.newline)
            start = _start(function, ctx)
            edits.append(Edit(start, start, f"@{text}{ctx.newline}{indent}"))
            return Change(tuple(edits), needs)

        return ctx.fix(f"Use @admin.{kind}()", build)


def _comment(statement: ast.Assign, ctx: Context) -> str:
    """The comment behind a statement that has its lines for itself, unless it tells a checker not to mind it."""
    span = _behind(statement, ctx)
    text = ctx.text[slice(*span)].strip() if span else ""
    return "" if _PRAGMA.match(text) else text


def _behind(statement: ast.Assign, ctx: Context) -> Span | None:
    return comment_behind(statement, ctx) if starts_own_line(statement, ctx) else None


def _call(name: str, arguments: list[tuple[str, str]], indent: str, newline: str) -> str:
    inline = f"{name}({', '.join(text for text, _ in arguments)})"
    if "\n" not in inline and not any(c for _, c in arguments) and len(f"{indent}@{inline}") <= _WIDTH:
        return inline
    step = "\t" if indent.startswith("\t") else "    "
    lines = [
        f"{indent}{step}{_deeper(text, step)},{'  ' if comment else ''}{comment}"
        for text, comment in arguments
    ]
    return newline.join([f"{name}(", *lines, f"{indent})"])


def _deeper(text: str, step: str) -> str:
    """Move the lines below the first one to the right, unless they may be in a string."""
    if '"""' in text or "'''" in text or "\\\n" in text or "\\\r" in text:
        return text
    first, *rest = text.split("\n")
    return "\n".join([first, *(step + line if line.strip() else line for line in rest)])


def _value(statement: ast.Assign, ctx: Context) -> str:
    return ctx.text[slice(*ctx.outer_span(statement.value))]


def _decorator(kind: str, function: ast.FunctionDef, ctx: Context) -> tuple[str, tuple[Need, ...]]:
    for alias in ctx.tree.nodes(ast.alias):
        if ctx.names.resolve(alias) in ("django.contrib.admin", "django.contrib.gis.admin"):
            identifier = alias.asname or alias.name
            bindings = ctx.names.lookup(identifier, function)
            if len(bindings) == 1 and bindings[0].node is alias:
                return f"{identifier}.{kind}", ()
    return ctx.reference_to(f"django.contrib.admin.{kind}", function)


def _start(function: ast.FunctionDef, ctx: Context) -> int:
    start = ctx.span(function).start
    if function.decorator_list:
        start = ctx.text.rindex("@", 0, ctx.span(function.decorator_list[0]).start)
    return start


def _imports_admin(ctx: Context) -> bool:
    return any(
        (ctx.names.resolve(alias) or "").startswith(("django.contrib.admin", "django.contrib.gis.admin"))
        for alias in ctx.tree.nodes(ast.alias)
    )


def _described(ctx: Context) -> Iterator[_Described]:
    """The functions that a block defines once, and whose attributes it sets behind them."""
    by_name: dict[str, list[ast.Assign]] = {}
    for statement in ctx.tree.nodes(ast.Assign):
        for target in statement.targets:
            if (
                isinstance(target, ast.Attribute)
                and target.attr in _ATTRIBUTES
                and isinstance(target.value, ast.Name)
            ):
                by_name.setdefault(target.value.id, []).append(statement)
    if not by_name:
        return
    functions = sorted(ctx.tree.nodes(ast.FunctionDef), key=lambda node: (node.lineno, node.col_offset))
    for function in functions:
        if function.name in by_name and starts_own_line(function, ctx):
            attributes = _attributes(function, by_name[function.name], ctx)
            if attributes:
                yield _Described(function, attributes)


def _attributes(
    function: ast.FunctionDef, statements: list[ast.Assign], ctx: Context
) -> dict[str, ast.Assign]:
    """What a function is given, by attribute; nothing where it can't all be moved."""
    found: dict[str, ast.Assign] = {}
    if any(_decorates_for_admin(decorator, ctx) for decorator in function.decorator_list):
        return {}
    for statement in sorted(statements, key=lambda node: (node.lineno, node.col_offset)):
        target = statement.targets[0]
        assert isinstance(target, ast.Attribute) or len(statement.targets) > 1
        value = target.value if isinstance(target, ast.Attribute) else None
        bindings = ctx.names.lookup(function.name, value) if value is not None else []
        if not any(binding.node is function for binding in bindings):
            continue
        assert isinstance(target, ast.Attribute)
        none = isinstance(statement.value, ast.Constant) and statement.value.value is None
        if (
            len(statement.targets) != 1
            or len(bindings) != 1
            or parent(statement) is not parent(function)
            or target.attr in found
            or none
            or ctx.guarded(statement) != ctx.guarded(function)
            or not _known_before(statement.value, function, ctx)
        ):
            return {}
        found[target.attr] = statement
    return found


def _decorates_for_admin(decorator: ast.expr, ctx: Context) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = ctx.resolve(function) or ""
    return name.endswith((".admin.display", ".admin.action")) or name in ("property", "cached_property")


def _known_before(value: ast.expr, function: ast.FunctionDef, ctx: Context) -> bool:
    """Whether everything that a value names is there before the function is."""
    for node in ast.walk(value):
        if isinstance(node, (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)):
            return False
        if isinstance(node, ast.Name):
            for binding in ctx.names.lookup(node.id, node):
                if getattr(binding.node, "lineno", 0) >= function.lineno:
                    return False
    return True


def _is_action(item: _Described) -> bool:
    if "allowed_permissions" in item.attributes:
        return True
    names = [argument.arg for argument in item.function.args.args]
    return len(names) == 3 and names[1] == "request" and set(item.attributes) <= set(_ACTION)


rule = AdminDisplay(
    "DUM002",
    introduced_in="3.2",
    link="https://docs.djangoproject.com/en/3.2/releases/3.2/#new-decorators-for-the-admin-site",
)
