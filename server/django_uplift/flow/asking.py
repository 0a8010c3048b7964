"""Where our knowledge ends and a query may hide: what is worth asking somebody else."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator

from django_uplift.flow.frame import Frame, dotted
from django_uplift.types.questions import Question
from django_uplift.types.values import Value

# Methods that little else than the ORM has.
_TELLING = frozenset(
    {
        "aggregate", "alias", "annotate", "bulk_create", "bulk_update", "earliest", "exclude", "full_clean",
        "get_or_create", "in_bulk", "latest", "order_by", "prefetch_related", "refresh_from_db", "select_for_update",
        "select_related", "update_or_create", "validate_unique", "values_list",
    }
)  # fmt: skip
# Methods that much else has too, but seldom called like this: with nothing, or with a lookup.
_BARE = frozenset({"all", "count", "delete", "exists", "first", "iterator", "last", "save"})
_LOOKUP = frozenset({"filter", "get"})
_SAVE = frozenset({"force_insert", "force_update", "update_fields", "using"})


# Of ``a.b.c``, how many may have to be asked about, one after the other.
_LINKS = 3


class Asking(Frame):
    """Asks about receivers that are not known."""

    calling: ast.Call | None = None
    """The call whose function is being looked at."""

    def asked(self, node: ast.Attribute) -> Value:
        """What somebody else knows of the receiver of an attribute access; None if that is nothing yet."""
        if self.session.recall is None or self.func is None or self.mod.installed:
            return None
        if self.muted or self.blocks or not self._may_query(node):
            return None
        for _ in range(_LINKS):
            source = self._source(node.value)
            if self._is_open(source):
                return None
            self.program.reads.add(self.mod.name)
            value = self.session.ask(self.mod.name, self._question(source))
            if value is None or not dotted(source):
                return value
            # What follows from it is our own to say, and to report.
            self.refine(source, value)
            value = self.eval(node.value)
            if value is not None:
                return value
        return None

    def _source(self, node: ast.expr) -> ast.expr:
        """The first part of an unknown expression that is unknown: what comes after it we may know ourselves."""
        source = node
        with self.quiet():
            while isinstance(source, (ast.Attribute, ast.Call, ast.Subscript, ast.Await)):
                before = source.func if isinstance(source, ast.Call) else source.value
                if self.eval(before) is not None:
                    break
                source = before
        return source if dotted(source) else node

    def _may_query(self, node: ast.Attribute) -> bool:
        call = self.calling
        if call is None or call.func is not node:
            return node.attr in self.session.relations
        if node.attr in _TELLING:
            return True
        names = [keyword.arg or "" for keyword in call.keywords]
        if call.args:
            return False
        if node.attr == "save" and names:
            return not _SAVE.isdisjoint(names)
        if node.attr in _LOOKUP:
            return any(name in ("pk", "id") or "__" in name for name in names)
        return node.attr in _BARE and not names

    def _is_open(self, node: ast.expr, seen: frozenset[str] = frozenset()) -> bool:
        """Whether an expression is made of parameters of which only callers can tell what they hold."""
        while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript, ast.Await)):
            node = node.func if isinstance(node, ast.Call) else node.value
        if not isinstance(node, ast.Name):
            return True
        if node.id in seen:
            return True
        frame: Frame | None = self
        while frame is not None:
            func = frame.func
            if func is not None:
                spec = func.node.args
                for n, arg in enumerate([*spec.posonlyargs, *spec.args, *spec.kwonlyargs]):
                    if arg.arg == node.id:
                        return arg.annotation is None and not (n == 0 and func.owner)
                if node.id in (getattr(spec.vararg, "arg", ""), getattr(spec.kwarg, "arg", "")):
                    return True
                sources = list(_sources(func.node, node.id))
                if sources:
                    return all(self._is_open(source, seen | {node.id}) for source in sources)
            frame = frame.outer
        return False

    def _question(self, node: ast.expr) -> Question:
        lines = self.mod.lines
        at = lines.from_ast(node.end_lineno or node.lineno, node.end_col_offset or 0)
        line, column = lines.position(at)
        return Question(self.mod.path, line + 1, column, self._near(at))

    def _near(self, at: int) -> tuple[str, int]:
        assert self.func is not None
        node, lines = self.func.node, self.mod.lines
        start = lines.from_ast(node.lineno, node.col_offset)
        end = lines.from_ast(node.end_lineno or node.lineno, node.end_col_offset or 0)
        text = lines.text[start:end].encode("utf-8", "replace")
        return hashlib.blake2b(text, digest_size=12).hexdigest(), at - start


def _sources(function: ast.AST, name: str) -> Iterator[ast.expr]:
    """What a function gives to one of its names, as far as it is an expression."""
    for node in ast.walk(function):
        pairs: list[tuple[ast.expr | None, ast.expr | None]] = []
        if isinstance(node, ast.Assign):
            pairs = [(target, node.value) for target in node.targets]
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
            pairs = [(node.target, node.value)]
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            pairs = [(node.target, node.iter)]
        elif isinstance(node, ast.withitem):
            pairs = [(node.optional_vars, node.context_expr)]
        for target, value in pairs:
            if target is not None and value is not None and _binds(target, name):
                yield value


def _binds(target: ast.expr, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(target)
    )
