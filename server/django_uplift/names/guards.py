"""Code that only runs where it works: version branches and import fallbacks."""

from __future__ import annotations

import ast
from enum import Enum
from typing import Any

from django_uplift.names.module import ModuleNames, catches_import_error
from django_uplift.syntax.tree import ancestors


class Guard(Enum):
    """Why a finding at a place would be a false alarm."""

    IMPORT_FALLBACK = "an import fallback handles it"
    VERSION_BRANCH = "the branch does not run on the target version"
    FEATURE_TEST = "the code asks first whether the name is there"
    EXPECTED = "a test expects that it fails or warns"


def guard_of(node: ast.AST, names: ModuleNames, version: tuple[int, int], word: str = "") -> Guard | None:
    """What keeps `node` from running, or from failing, on Django `version`.

    `word` is the attribute that is missed there: ``if hasattr(x, "word")`` and ``except AttributeError`` guard it too.
    """
    child: ast.AST = node
    for up in ancestors(node):
        if isinstance(up, ast.Try) and _falls_back(up, child):
            return Guard.IMPORT_FALLBACK
        if isinstance(up, (ast.If, ast.IfExp)) and child is not up.test:
            outcome = version_test(up.test, names, version)
            in_body = child in up.body if isinstance(up, ast.If) else child is up.body
            if outcome is not None and outcome is not in_body:
                return Guard.VERSION_BRANCH
        if isinstance(up, (ast.With, ast.AsyncWith)) and child in up.body and _expects(up):
            return Guard.EXPECTED
        if word and _asks_first(up, child, word):
            return Guard.FEATURE_TEST
        child = up
    return None


_EXPECTATIONS = (
    "assertRaises",
    "assertRaisesMessage",
    "assertRaisesRegex",
    "assertWarns",
    "assertWarnsMessage",
)


def _expects(statement: ast.With | ast.AsyncWith) -> bool:
    """Whether a ``with`` block is there to see an error or a warning: ``assertRaises(...)``, ``pytest.raises(...)``."""
    for item in statement.items:
        function = item.context_expr.func if isinstance(item.context_expr, ast.Call) else None
        if not isinstance(function, ast.Attribute):
            continue
        if function.attr in _EXPECTATIONS:
            return True
        if function.attr in ("raises", "warns") and isinstance(function.value, ast.Name):
            return function.value.id == "pytest"
    return False


def _asks_first(up: ast.AST, child: ast.AST, word: str) -> bool:
    if isinstance(up, (ast.If, ast.IfExp, ast.While)):
        return child is not up.test and _asks_for(up.test, word)
    if isinstance(up, ast.BoolOp):
        return any(value is not child and _asks_for(value, word) for value in up.values)
    if isinstance(up, ast.Try) and child in up.body:
        types = [t for h in up.handlers for t in (h.type.elts if isinstance(h.type, ast.Tuple) else [h.type])]
        return any(isinstance(t, ast.Name) and t.id == "AttributeError" for t in types)
    return False


def _asks_for(test: ast.expr, word: str) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("hasattr", "getattr")
        and any(isinstance(arg, ast.Constant) and arg.value == word for arg in node.args)
        for node in ast.walk(test)
    )


def _falls_back(statement: ast.Try, child: ast.AST) -> bool:
    handlers = [h for h in statement.handlers if catches_import_error(h)]
    if not handlers:
        return False
    imports = any(isinstance(s, (ast.Import, ast.ImportFrom)) for s in statement.body)
    return imports and (child in statement.body or child in handlers)


def version_test(test: ast.expr, names: ModuleNames, version: tuple[int, int]) -> bool | None:
    """What a test of ``django.VERSION`` gives on Django `version`; None for any other test."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = version_test(test.operand, names, version)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        outcomes = [version_test(value, names, version) for value in test.values]
        decisive = isinstance(test.op, ast.Or)
        if any(outcome is decisive for outcome in outcomes):
            return decisive
        return None if None in outcomes else not decisive
    if isinstance(test, ast.Name):
        bindings = names.lookup(test.id, test)
        value = bindings[0].value if len(bindings) == 1 else None
        return version_test(value, names, version) if isinstance(value, (ast.Compare, ast.BoolOp)) else None
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    left, operator, right = test.left, test.ops[0], test.comparators[0]
    if _is_django_version(right, names):
        left, right, operator = right, left, _MIRRORED.get(type(operator), ast.Is)()
    if not _is_django_version(left, names):
        return None
    bound = _numbers(right)
    if bound is None:
        return None
    if isinstance(left, ast.Subscript) and isinstance(left.slice, ast.Constant) and left.slice.value == 0:
        return _compare(version[:1], operator, bound)
    # django.VERSION is (4, 2, 11, "final", 0): on a feature release every patch level is possible.
    low: tuple[object, ...] = (*version, 0, "final", 0)
    high: tuple[object, ...] = (*version, 99, "final", 0)
    if isinstance(left, ast.Subscript):
        width = _slice_width(left)
        if width is None or not isinstance(right, (ast.Tuple, ast.List)):
            return None
        low, high = low[:width], high[:width]
    outcomes_ = {_compare(actual, operator, bound) for actual in (low, high)}
    return outcomes_.pop() if len(outcomes_) == 1 else None


_MIRRORED: dict[type, type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Eq: ast.Eq,
    ast.NotEq: ast.NotEq,
}


def _is_django_version(node: ast.expr, names: ModuleNames) -> bool:
    if isinstance(node, ast.Subscript):
        node = node.value
    return names.resolve(node) == "django.VERSION"


def _slice_width(node: ast.Subscript) -> int | None:
    index = node.slice
    if isinstance(index, ast.Slice) and index.lower is None and index.step is None:
        if isinstance(index.upper, ast.Constant) and isinstance(index.upper.value, int):
            return index.upper.value
    return None


def _numbers(node: ast.expr) -> tuple[object, ...] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return (node.value,)
    if isinstance(node, (ast.Tuple, ast.List)) and all(isinstance(e, ast.Constant) for e in node.elts):
        return tuple(e.value for e in node.elts if isinstance(e, ast.Constant))
    return None


def _compare(actual: tuple[Any, ...], operator: ast.cmpop, bound: tuple[Any, ...]) -> bool | None:
    try:
        if isinstance(operator, ast.Lt):
            return actual < bound
        if isinstance(operator, ast.LtE):
            return actual <= bound
        if isinstance(operator, ast.Gt):
            return actual > bound
        if isinstance(operator, ast.GtE):
            return actual >= bound
    except TypeError:
        return None
    if isinstance(operator, ast.Eq):
        return actual == bound
    return actual != bound if isinstance(operator, ast.NotEq) else None


def in_type_checking(node: ast.AST, names: ModuleNames) -> bool:
    """Whether `node` stands under ``if TYPE_CHECKING:`` and so never runs."""
    child: ast.AST = node
    for up in ancestors(node):
        if isinstance(up, ast.If) and child in up.body:
            if names.resolve(up.test) in ("typing.TYPE_CHECKING", "typing_extensions.TYPE_CHECKING"):
                return True
        child = up
    return False
