import ast
from collections.abc import Iterator
from typing import NamedTuple

from django_uplift.api import Change, Confidence, Context, Edit, Fix, Found, Need, Rule, Severity, parent
from django_uplift_rules.kinds import MODEL_ADMINS, descends, name_span
from django_uplift_rules.kinds.removal import (
    comment_behind,
    comments_in,
    indent_at,
    remove_all,
    starts_own_line,
)

_SITES = frozenset({"django.contrib.admin.site", "django.contrib.gis.admin.site"})
_DECORATORS = frozenset({"django.contrib.admin.register", "django.contrib.gis.admin.register"})


class _Registration(NamedTuple):
    """A call that registers models with a class of the same block; `site` is empty for Django's own."""

    statement: ast.Expr
    call: ast.Call
    cls: ast.ClassDef
    models: tuple[ast.expr, ...]
    site: str
    sure: Confidence


class AdminRegister(Rule):
    """A class is registered where it is defined, not behind it."""

    words = ("admin", "register")
    default = False
    default_severity = Severity.INFORMATION

    def file(self, ctx: Context) -> Found:
        """All registrations at once: those of one class make one decorator."""
        groups: dict[tuple[ast.ClassDef, str], list[_Registration]] = {}
        for registration in _registrations(ctx):
            groups.setdefault((registration.cls, registration.site), []).append(registration)
        statements = [found.statement for group in groups.values() for found in group]
        moving = [statement for statement in statements if comment_behind(statement, ctx)]
        removed = remove_all(statements, ctx, [s for s in moving if starts_own_line(s, ctx)])
        for group in groups.values():
            fix = self._fix(group, removed, ctx)
            for found in group:
                assert isinstance(found.call.func, ast.Attribute)
                message = f"@admin.register(...) says this where {found.cls.name} begins"
                place = name_span(found.call.func, ctx)
                yield self.finding(ctx, place, message, fix, confidence=found.sure)

    def _fix(self, group: list[_Registration], removed: dict[ast.stmt, list[Edit]], ctx: Context) -> Fix:
        cls, site = group[0].cls, group[0].site

        def build() -> Change | None:
            edits: list[Edit] = []
            comments: list[str] = []
            for found in group:
                edits += removed[found.statement]
                comments += comments_in(ctx.source(found.call))
                behind = comment_behind(found.statement, ctx)
                if behind and starts_own_line(found.statement, ctx):
                    comments.append(ctx.text[slice(*behind)].strip())
            models = ", ".join(_one_line(model, ctx) for found in group for model in found.models)
            indent = indent_at(cls, ctx)
            lead = "".join(f"{comment}{ctx.newline}{indent}" for comment in comments)
            present = _present(cls, site, ctx)
            if present is not None and not lead:
                end = ctx.outer_span(present.args[-1]).end
                return Change((*edits, Edit(end, end, f", {models}")))
            written, needs = _decorator(group[0].call, cls, ctx)
            arguments = f"{models}, site={site}" if site else models
            start = _start(cls, ctx)
            edits.append(Edit(start, start, f"{lead}@{written}({arguments}){ctx.newline}{indent}"))
            return Change(tuple(edits), needs)

        return ctx.fix("Use @admin.register()", build)


def _registrations(ctx: Context) -> Iterator[_Registration]:
    calls = (node for node in ctx.tree.nodes(ast.Call) if isinstance(node.func, ast.Attribute))
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        assert isinstance(call.func, ast.Attribute)
        statement = parent(call)
        if call.func.attr != "register" or not isinstance(statement, ast.Expr) or ctx.guarded(call):
            continue
        arguments = {keyword.arg: keyword.value for keyword in call.keywords}
        names = ("model_or_iterable", "admin_class")
        arguments.update(zip(names, call.args, strict=False))
        if len(arguments) != 2 or set(arguments) != set(names) or len(call.args) > 2:
            continue
        model, name = arguments["model_or_iterable"], arguments["admin_class"]
        cls = _class_before(name, statement, ctx)
        if cls is None or isinstance(model, ast.Starred):
            continue
        site = call.func.value
        own = ctx.resolve(site) in _SITES
        written = (
            site.attr if isinstance(site, ast.Attribute) else site.id if isinstance(site, ast.Name) else ""
        )
        sure = descends(cls, ctx, MODEL_ADMINS, distinctive=own or cls.name.endswith("Admin"))
        if sure is None or not (own or (written.lower().endswith("site") and "admin" in ctx.path.as_posix())):
            continue
        models = tuple(model.elts) if isinstance(model, (ast.Tuple, ast.List)) else (model,)
        needed = models if own else (*models, site)
        if not models or not all(_known_before(node, cls, ctx) for node in needed):
            continue
        if _names_itself(cls) or _touched_between(cls, statement, models, ctx):
            continue
        shown = "" if own else _one_line(site, ctx)
        yield _Registration(statement, call, cls, models, shown, sure if own else Confidence.LIKELY)


def _class_before(name: ast.expr, statement: ast.Expr, ctx: Context) -> ast.ClassDef | None:
    """The class of the same block, above the statement, that a name means."""
    if not isinstance(name, ast.Name):
        return None
    bindings = ctx.names.lookup(name.id, name)
    cls = bindings[0].node if len(bindings) == 1 else None
    if not isinstance(cls, ast.ClassDef) or parent(cls) is not parent(statement):
        return None
    return cls if cls.lineno < statement.lineno and starts_own_line(cls, ctx) else None


def _known_before(value: ast.expr, cls: ast.ClassDef, ctx: Context) -> bool:
    for node in ast.walk(value):
        if isinstance(node, (ast.NamedExpr, ast.Await, ast.Starred)):
            return False
        if isinstance(node, ast.Name):
            bindings = ctx.names.lookup(node.id, node)
            if any(getattr(binding.node, "lineno", 0) >= cls.lineno for binding in bindings):
                return False
    return True


def _names_itself(cls: ast.ClassDef) -> bool:
    """Whether making an instance needs the class's name, as ``super(OrderAdmin, self)``: it is not bound yet."""
    return any(
        isinstance(method, ast.FunctionDef)
        and method.name in ("__init__", "__new__")
        and any(isinstance(node, ast.Name) and node.id == cls.name for node in ast.walk(method))
        for method in cls.body
    )


def _touched_between(
    cls: ast.ClassDef, statement: ast.Expr, models: tuple[ast.expr, ...], ctx: Context
) -> bool:
    """Whether a registration of the models is undone, or made, between the class and the statement."""
    wanted = {ast.dump(model) for model in models}
    for call in ctx.tree.nodes(ast.Call):
        if not cls.lineno <= call.lineno < statement.lineno or not isinstance(call.func, ast.Attribute):
            continue
        if call.func.attr == "unregister" and any(
            ast.dump(node) in wanted for argument in call.args for node in ast.walk(argument)
        ):
            return True
    return False


def _present(cls: ast.ClassDef, site: str, ctx: Context) -> ast.Call | None:
    """The decorator that registers the class with the same site already."""
    for decorator in cls.decorator_list:
        if isinstance(decorator, ast.Call) and ctx.resolve(decorator.func) in _DECORATORS:
            sites = [ctx.source(keyword.value) for keyword in decorator.keywords if keyword.arg == "site"]
            if decorator.args and (sites or [""]) == [site]:
                return decorator
    return None


def _decorator(call: ast.Call, cls: ast.ClassDef, ctx: Context) -> tuple[str, tuple[Need, ...]]:
    for alias in ctx.tree.nodes(ast.alias):
        if ctx.names.resolve(alias) in ("django.contrib.admin", "django.contrib.gis.admin"):
            identifier = alias.asname or alias.name
            bindings = ctx.names.lookup(identifier, cls)
            if len(bindings) == 1 and bindings[0].node is alias and alias.lineno < cls.lineno:
                return f"{identifier}.register", ()
    return ctx.reference_to("django.contrib.admin.register", cls)


def _start(cls: ast.ClassDef, ctx: Context) -> int:
    start = ctx.span(cls).start
    if cls.decorator_list:
        start = ctx.text.rindex("@", 0, ctx.span(cls.decorator_list[0]).start)
    return start


def _one_line(node: ast.expr, ctx: Context) -> str:
    return ast.unparse(node) if "\n" in ctx.source(node) else ctx.source(node)


rule = AdminRegister(
    "DUM001",
    introduced_in="1.7",
    link="https://docs.djangoproject.com/en/stable/ref/contrib/admin/#the-register-decorator",
)
