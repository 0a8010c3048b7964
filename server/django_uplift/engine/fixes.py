"""Fixes made: chosen, rendered, their imports merged, the result parsed, again until nothing is left to do."""

from __future__ import annotations

import ast
import difflib
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django_uplift.engine.context import Context
from django_uplift.engine.findings import Change, Finding, Fix, Safety
from django_uplift.engine.rule import Rule
from django_uplift.names.module import ModuleNames
from django_uplift.syntax.imports import ImportNode, Need, edit_imports, imports_of
from django_uplift.syntax.parse import parse
from django_uplift.syntax.recover import recover
from django_uplift.syntax.templates import TemplateTree
from django_uplift.syntax.tree import Tree, ancestors
from django_uplift.text.edits import Edit, OverlapError, apply_edits, conflict, merge_edits
from django_uplift.text.lines import Lines

MAX_ROUNDS = 10
_TAKE_TYPES = frozenset(
    {"cast", "TypeVar", "ForwardRef", "NewType", "NamedTuple", "TypedDict", "eval", "exec"}
)


@dataclass(slots=True)
class Fixed:
    """What became of one file."""

    text: str
    fixed: Counter[Rule] = field(default_factory=Counter)
    rounds: int = 0
    remaining: tuple[Finding, ...] = ()


def render(ctx: Context, fix: Fix) -> tuple[Edit, ...] | None:
    """The edits of one fix on the text of `ctx`, imports included; None where it can't be made."""
    change = fix.build()
    return None if change is None else render_changes(ctx, [change])


def render_changes(ctx: Context, changes: Sequence[Change]) -> tuple[Edit, ...] | None:
    """The edits of several changes that do not conflict, imports merged; None if the result would not parse."""
    try:
        edits = merge_edits(edit for change in changes for edit in change.edits)
        between = apply_edits(ctx.text, edits)
    except OverlapError:
        return None
    needs = [need for change in changes for need in change.needs]
    after = _tree_like(ctx, between)
    if after is None:
        return None
    drops = [alias for change in changes for alias in change.drops]
    imports = _import_edits(ctx, after, needs, drops)
    if not imports:
        return edits if _still_compiles(ctx, edits, between) else None
    try:
        result = apply_edits(between, imports)
        if _tree_like(ctx, result) is None:
            return None
        if not _still_compiles(ctx, [*edits, *imports], result):
            return None
        return merge_edits([*edits, *_moved_back(imports, edits)])
    except (OverlapError, _Crossing):
        return None


def _tree_like(ctx: Context, text: str) -> Tree | None:
    """The tree of a fix's result; None if the fix broke it (code that was broken before may stay so)."""
    if isinstance(ctx.tree, TemplateTree):
        return TemplateTree(Lines(text))
    module = parse(text).tree
    if module is not None:
        return Tree(module, Lines(text))
    if not ctx.tree.broken:
        return None
    recovered = recover(text)
    if recovered is None or len(recovered.broken) > len(ctx.tree.broken):
        return None
    return Tree(recovered.tree, Lines(text), recovered.broken, recovered.code)


def _still_compiles(ctx: Context, edits: Sequence[Edit], after: str) -> bool:
    """Whether a fix left every `await` inside a function that may: no parser says so, only the compiler."""
    if not any("await " in edit.text or "async " in edit.text for edit in edits):
        return True
    # In a notebook's cells `await` may stand by itself.
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if ctx.path.suffix == ".ipynb" else 0
    return _compiles(after, flags) or not _compiles(ctx.text, flags)


def _compiles(text: str, flags: int) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<fixed>", "exec", flags, dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def _import_edits(ctx: Context, after: Tree, needs: Sequence[Need], drops: Sequence[ast.alias]) -> list[Edit]:
    """Edits of `after` for what the fixes need, and for the imports that they left without a use."""
    before = imports_of(ctx.tree)
    now = imports_of(after)
    counterpart = _counterparts(before, now)
    dropped: list[ast.alias] = []
    unused: set[str] = set()
    names = ModuleNames(after, ctx.names.name)
    edited = after.text != ctx.text
    for old, new in counterpart.items():
        for alias, alias_now in zip(old.names, new.names, strict=True):
            orphaned = edited and _orphaned(ctx, alias, alias_now, names)
            if orphaned and alias in drops:
                # One fix moves the import, others have rewritten all of its uses.
                unused.add(_bound(alias))
            if alias in drops or orphaned:
                dropped.append(alias_now)
    moved = [
        need._replace(near=counterpart.get(need.near)) if need.near else need
        for need in needs
        if (need.alias or need.name or need.module) not in unused
    ]
    return edit_imports(after, dropped, moved)


def _bound(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _counterparts(before: Sequence[ImportNode], now: Sequence[ImportNode]) -> dict[ImportNode, ImportNode]:
    """The imports that a fix left as they were; of those that it edited itself, what is unused can't be told."""
    old, new = [_shape(node) for node in before], [_shape(node) for node in now]
    if old == new:
        return dict(zip(before, now, strict=True))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return {
        before[block.a + offset]: now[block.b + offset]
        for block in matcher.get_matching_blocks()
        for offset in range(block.size)
    }


def _shape(node: ImportNode) -> tuple[object, ...]:
    module = (node.module, node.level) if isinstance(node, ast.ImportFrom) else None
    return module, tuple((alias.name, alias.asname) for alias in node.names)


def _orphaned(ctx: Context, before: ast.alias, after: ast.alias, names: ModuleNames) -> bool:
    """Whether an import had uses, has none now, and nobody else can want it."""
    identifier = _bound(after)
    if identifier == "*" or any(b.node is after and names.uses(b) for b in names.bindings(identifier)):
        return False
    return bool(ctx.uses(before)) and not ctx.exported(before) and not _in_strings(names.tree, identifier)


def _in_strings(tree: Tree, identifier: str) -> bool:
    """Whether a string may use the identifier: an annotation, a type that is handed on, a doctest."""
    word = re.compile(rf"\b{re.escape(identifier)}\b")
    return any(
        isinstance(node.value, str)
        and word.search(node.value)
        and (">>>" in node.value or _may_be_type(node))
        for node in tree.nodes(ast.Constant)
    )


def _may_be_type(node: ast.Constant) -> bool:
    """Whether a string stands where a type may: in an annotation, between ``[]``, or in a call such as ``cast``'s."""
    child: ast.AST = node
    for up in ancestors(node):
        if isinstance(up, ast.arg):
            return True
        if isinstance(up, ast.Subscript) and child is up.slice:
            return True
        if isinstance(up, ast.AnnAssign):
            return child is up.annotation
        if isinstance(up, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return child is up.returns
        if isinstance(up, ast.Call):
            function = up.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            return name in _TAKE_TYPES
        if isinstance(up, ast.stmt):
            return False
        child = up
    return False


class _Crossing(Exception):
    """An import edit reaches into text that a fix wrote."""


def _moved_back(edits: Iterable[Edit], earlier: Sequence[Edit]) -> list[Edit]:
    """`edits` of a text that `earlier` made, as edits of the text before."""
    return [
        Edit(_origin(edit.start, earlier, at_end=False), _origin(edit.end, earlier, at_end=True), edit.text)
        for edit in edits
    ]


def _origin(offset: int, earlier: Sequence[Edit], *, at_end: bool) -> int:
    shift = 0
    for start, end, text in earlier:
        new_start = start + shift
        if offset <= new_start:
            break
        new_end = new_start + len(text)
        if offset < new_end:
            raise _Crossing
        shift += len(text) - (end - start)
    return offset - shift


def choose(findings: Iterable[Finding], *, unsafe: bool) -> list[tuple[Finding, Fix]]:
    """For each finding the first fix that may be applied without asking."""
    chosen = []
    for finding in findings:
        allowed = (Safety.SAFE, Safety.UNSAFE) if unsafe else (Safety.SAFE,)
        fix = finding.fixes[0] if finding.fixes and finding.fixes[0].safety in allowed else None
        if fix is None:
            fix = next((f for f in finding.fixes if f.safety is Safety.SAFE), None)
        if fix is not None:
            chosen.append((finding, fix))
    return chosen


def fix_all(
    ctx: Context, findings: Iterable[Finding], *, unsafe: bool
) -> tuple[tuple[Edit, ...], Counter[Rule]] | None:
    """One round: the edits of all fixes that go together, and what they fix; None if there is nothing to do."""
    changes: list[tuple[Finding, Change]] = []
    taken: list[Edit] = []
    for finding, fix in choose(findings, unsafe=unsafe):
        change = fix.build()
        if change is None:
            continue
        if any(conflict(edit, other) for edit in change.edits for other in taken):
            continue
        taken += change.edits
        changes.append((finding, change))
    if not changes:
        return None
    edits = render_changes(ctx, [change for _, change in changes])
    if edits is None:
        # One of them is at fault: leave out those that fail alone, then add the others while they go together.
        good: list[tuple[Finding, Change]] = []
        for finding, change in changes:
            if render_changes(ctx, [*(c for _, c in good), change]) is not None:
                good.append((finding, change))
        changes = good
        edits = render_changes(ctx, [change for _, change in changes])
    if not edits:
        return None
    return edits, Counter(finding.rule for finding, _ in changes)


def converge(
    text: str, check: Callable[[str], tuple[Context | None, Sequence[Finding]]], *, unsafe: bool
) -> Fixed:
    """Fix, check again, and so on until nothing is left to fix (at most `MAX_ROUNDS` times).

    A text that does not parse stays as it is.
    """
    result = Fixed(text)
    seen = {text}
    while True:
        ctx, findings = check(result.text)
        result.remaining = tuple(findings)
        if ctx is None or ctx.tree.broken or result.rounds >= MAX_ROUNDS:
            return result
        step = fix_all(ctx, findings, unsafe=unsafe)
        if step is None:
            return result
        edits, counts = step
        new = apply_edits(result.text, edits)
        if new in seen:
            return result
        seen.add(new)
        result.text = new
        result.fixed += counts
        result.rounds += 1
