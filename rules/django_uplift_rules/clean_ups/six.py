import ast

from django_uplift.api import Change, Context, Edit, Found, Reference, Rule, Severity, parent
from django_uplift_rules.kinds import decorates, name_span, without_decorator
from django_uplift_rules.kinds.blocks import keep_branch

_ROOTS = ("six", "django.utils.six")
_BUILTINS = {
    "text_type": "str",
    "binary_type": "bytes",
    "unichr": "chr",
    "next": "next",
    "advance_iterator": "next",
    "callable": "callable",
    **{f"moves.{name}": name for name in ("range", "input", "map", "zip", "filter")},
    "moves.xrange": "range",
}
# These are tuples: a type alone does where a tuple of types may stand.
_TYPES = {"string_types": "str", "integer_types": "int", "class_types": "type"}
_STANDARD = {
    "StringIO": "io.StringIO",
    "BytesIO": "io.BytesIO",
    "wraps": "functools.wraps",
    "moves.StringIO": "io.StringIO",
    "moves.cStringIO": "io.StringIO",
    "moves.reduce": "functools.reduce",
    "moves.zip_longest": "itertools.zip_longest",
    "moves.filterfalse": "itertools.filterfalse",
    "moves.reload_module": "importlib.reload",
}
_ITERATORS = {f"{kind}{name}": name for kind in ("iter", "view") for name in ("items", "keys", "values")}
_CONSUMERS = frozenset(
    {"all", "any", "dict", "enumerate", "list", "max", "min", "set", "sorted", "sum", "tuple"}
)
_DECORATORS = ("python_2_unicode_compatible",)
_FLAGS = {"PY2": False, "PY3": True}
_KNOWN = (*_BUILTINS, *_TYPES, *_STANDARD, *_ITERATORS, *_DECORATORS, *_FLAGS, "with_metaclass")


class Six(Rule):
    """What six did for Python 2, Python 3 does itself."""

    names = tuple(f"{root}.{name}" for root in _ROOTS for name in _KNOWN)
    words = ("six",)
    default = False
    default_severity = Severity.INFORMATION

    def reference(self, reference: Reference, ctx: Context) -> Found:
        """An import with its uses, or an attribute access."""
        if ctx.oldest < (2, 0):
            return
        node = reference.node
        name = _name(reference.name)
        if isinstance(node, ast.alias):
            places: list[ast.expr] = list(ctx.uses(node))
        elif isinstance(node, (ast.Attribute, ast.Name)):
            places = [node]
        else:
            return
        going = (node,) if isinstance(node, ast.alias) and not ctx.exported(node) else ()
        if name in _STANDARD and isinstance(node, ast.alias) and not going:
            return
        changes = [change for place in places if (change := _change(name, place, going, ctx)) is not None]
        if not changes:
            return
        edits = tuple(edit for change in changes for edit in change.edits)
        needs = tuple(dict.fromkeys(need for change in changes for need in change.needs))
        # It may be written as before, and so have uses still, which an import from elsewhere serves.
        drops = going if len(changes) == len(places) else ()
        fix = ctx.fix("Write it as Python 3 does", lambda: Change(edits, needs, drops))
        message = f"six.{name} is for Python 2: {_advice(name)}"
        uses = [ctx.span(place) for place in places] if isinstance(node, ast.alias) else []
        yield self.finding(ctx, name_span(node, ctx), message, fix, uses=uses)


def _name(qualified: str) -> str:
    root = next(root for root in sorted(_ROOTS, key=len, reverse=True) if qualified.startswith(f"{root}."))
    return qualified[len(root) + 1 :]


def _advice(name: str) -> str:
    text = _BUILTINS.get(name) or _TYPES.get(name) or _STANDARD.get(name)
    if text:
        return f"write {text}"
    if name in _ITERATORS:
        return f"write .{_ITERATORS[name]}()"
    if name in _FLAGS:
        return f"it is always {_FLAGS[name]}"
    return "write metaclass=..." if name == "with_metaclass" else "it does nothing"


def _change(name: str, place: ast.expr, going: tuple[ast.alias, ...], ctx: Context) -> Change | None:
    """What one use becomes; None where a person must look."""
    up = parent(place)
    if name in _BUILTINS or name in _TYPES:
        text = _BUILTINS.get(name) or _TYPES[name]
        taken = any(binding.node not in going for binding in ctx.names.bindings(text))
        if taken or (name in _TYPES and not _among_types(place)):
            return None
        return Change((ctx.replace(place, text),))
    if name in _STANDARD:
        written, needs = ctx.reference_to(_STANDARD[name], place, without=going)
        return Change((ctx.replace(place, written),), needs)
    if name in _ITERATORS:
        return _iteration(name, up, place, ctx)
    if name in _DECORATORS:
        return Change((without_decorator(place, ctx),)) if decorates(place) else None
    if name in _FLAGS:
        return _flag(_FLAGS[name], up, place, ctx)
    return _metaclass(up, place, ctx)


def _among_types(place: ast.expr) -> bool:
    """Whether a tuple of types stands where one type does as well: in ``isinstance(x, ...)``."""
    up = parent(place)
    if isinstance(up, ast.Tuple):
        place, up = up, parent(up)
    if not isinstance(up, ast.Call) or not isinstance(up.func, ast.Name) or len(up.args) != 2:
        return False
    return up.func.id in ("isinstance", "issubclass") and up.args[1] is place


def _iteration(name: str, call: ast.AST | None, place: ast.expr, ctx: Context) -> Change | None:
    if not isinstance(call, ast.Call) or call.func is not place or len(call.args) != 1 or call.keywords:
        return None
    (mapping,) = call.args
    simple = isinstance(mapping, (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Dict))
    if not simple or (name.startswith("iter") and not _is_consumed(call)):
        return None
    method = f".{_ITERATORS[name]}()"
    if "#" not in ctx.source(call):
        return Change((ctx.replace(call, f"{ctx.source(mapping)}{method}"),))
    # The parentheses stay, for the comments in them; a comma would make a tuple.
    end, stop = ctx.outer_span(mapping).end, ctx.span(call).end
    behind = ctx.text[end:stop]
    comma = behind.lstrip().startswith(",")
    return Change(
        (
            Edit(*ctx.span(place), ""),
            Edit(end, stop, f"{behind.replace(',', '', 1) if comma else behind}{method}"),
        )
    )


def _is_consumed(call: ast.Call) -> bool:
    """Whether an iterator is gone through where it stands, so that a view does as well."""
    up = parent(call)
    if isinstance(up, (ast.For, ast.comprehension)):
        return up.iter is call
    return isinstance(up, ast.Call) and isinstance(up.func, ast.Name) and up.func.id in _CONSUMERS


def _flag(value: bool, up: ast.AST | None, place: ast.expr, ctx: Context) -> Change | None:
    if isinstance(up, ast.UnaryOp) and isinstance(up.op, ast.Not):
        value, place, up = not value, up, parent(up)
    if isinstance(up, ast.If) and up.test is place:
        edits = keep_branch(up, value, ctx)
        return Change(tuple(edits)) if edits else None
    if isinstance(up, ast.IfExp) and up.test is place and "#" not in ctx.source(up):
        live = up.body if value else up.orelse
        return Change((ctx.replace(up, ctx.text[slice(*ctx.outer_span(live))]),))
    return None


def _metaclass(call: ast.AST | None, place: ast.expr, ctx: Context) -> Change | None:
    cls = parent(call) if call is not None else None
    if not isinstance(call, ast.Call) or call.func is not place or not isinstance(cls, ast.ClassDef):
        return None
    if cls.bases != [call] or cls.keywords or call.keywords or not call.args:
        return None
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    metaclass, *bases = (ctx.text[slice(*ctx.outer_span(argument))] for argument in call.args)
    arguments = [*(base for base in bases if base != "object"), f"metaclass={metaclass}"]
    # What stands between the arguments stays, comments above all.
    edits = [
        Edit(*ctx.outer_span(argument), text)
        for argument, text in zip(call.args, arguments, strict=False)
        if ctx.text[slice(*ctx.outer_span(argument))] != text
    ]
    edits += ctx.call_of(call).remove_all(call.args[len(arguments) :])
    opening = ctx.text.index("(", ctx.span(place).end)
    stop = ctx.span(call).end
    edits += [Edit(ctx.span(place).start, opening + 1, ""), Edit(stop - 1, stop, "")]
    return Change(tuple(edits))


rule = Six("DUC003", introduced_in="2.0", link="https://six.readthedocs.io/")
