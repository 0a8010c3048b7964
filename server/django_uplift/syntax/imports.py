"""Edits of import statements.

A fix says which names it needs; what it leaves unused is found by the engine. All requests for one file are merged
and made here, once, so that two fixes never fight over one line.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django_uplift.syntax.statements import block_of, indent_of, remove_statement, starts_line
from django_uplift.syntax.tree import Tree, parent
from django_uplift.text.edits import Edit
from django_uplift.text.source import newline_of

ImportNode = ast.Import | ast.ImportFrom

_COMMA = re.compile(r"(?:[ \t\f]|\\?(?:\r\n|\n|\r))*,")
_BLANKS = re.compile(r"[ \t]*")
_NEWLINE = re.compile(r"\r\n|\n|\r")
_COMMENT = re.compile(r"#[^\r\n]*")


class Need(NamedTuple):
    """A name that a fix uses: ``from module import name as alias``, or ``import module`` where `name` is None.

    `near` is the import statement whose place the new one takes; None lets the file's order decide.
    """

    module: str
    name: str | None = None
    alias: str | None = None
    near: ImportNode | None = None

    @property
    def text(self) -> str:
        """The part behind ``import``."""
        name = self.name or self.module
        return f"{name} as {self.alias}" if self.alias and self.alias != name else name


def imports_of(tree: Tree) -> list[ImportNode]:
    """All import statements in order of place."""
    nodes: list[ImportNode] = [*tree.nodes(ast.Import), *tree.nodes(ast.ImportFrom)]
    return sorted(nodes, key=lambda node: (node.lineno, node.col_offset))


def edit_imports(tree: Tree, drops: Iterable[ast.alias], needs: Iterable[Need]) -> list[Edit]:
    """The edits that drop the given aliases and satisfy the needs."""
    dropped = set(drops)
    pending = list(dict.fromkeys(needs))
    edits: list[Edit] = []
    placed: dict[ImportNode, list[Need]] = {}
    fresh: list[Need] = []
    for need in pending:
        home = _home(tree, need)
        if home is None:
            fresh.append(need)
        elif not any(_binds(alias, need) for alias in home.names if alias not in dropped):
            placed.setdefault(home, []).append(need)
    taking = {need.near for need in fresh if need.near is not None}
    touched = {
        statement for alias in dropped if isinstance(statement := parent(alias), (ast.Import, ast.ImportFrom))
    }
    for statement in sorted({*touched, *placed, *taking}, key=lambda node: (node.lineno, node.col_offset)):
        replacing = _statements(need for need in fresh if need.near is statement)
        edits += _edit_statement(tree, statement, dropped, placed.get(statement, []), replacing)
    top = [need for need in fresh if need.near is None]
    for key, text in zip(sorted({_key(need) for need in top}), _statements(top), strict=True):
        edits.append(_insert(tree, key, text))
    places = [edit.start for edit in edits if edit.text]
    return _join_insertions(_one_gap(tree, [_without_gap(tree, edit, places) for edit in edits]))


def _key(need: Need) -> tuple[bool, str]:
    """What one statement can bring in together; sorts as isort does."""
    return need.name is not None, need.module if need.name is not None else need.text


def _statements(needs: Iterable[Need]) -> list[str]:
    """The statements that satisfy the needs, one for each module."""
    groups: dict[tuple[bool, str], list[Need]] = {}
    for need in needs:
        groups.setdefault(_key(need), []).append(need)
    statements = []
    for (is_from, module), group in sorted(groups.items()):
        names = sorted({need.text for need in group}, key=_alias_key)
        statements.append(f"from {module} import {', '.join(names)}" if is_from else f"import {names[0]}")
    return statements


def _binds(alias: ast.alias, need: Need) -> bool:
    return alias.name == need.name and (alias.asname or alias.name) == (need.alias or need.name)


def _home(tree: Tree, need: Need) -> ImportNode | None:
    """The statement that already imports from the needed module, where the new name can join it."""
    if need.name is None:
        return None
    block = block_of(need.near) if need.near is not None else tree.module.body
    same = [
        node
        for node in block
        if isinstance(node, ast.ImportFrom)
        and node.level == 0
        and node.module == need.module
        and node.names[0].name != "*"
    ]
    if need.near in same:
        return need.near
    return same[0] if same else None


def _edit_statement(
    tree: Tree,
    statement: ImportNode,
    dropped: set[ast.alias],
    added: Sequence[Need],
    replacing: Sequence[str],
) -> list[Edit]:
    aliases = statement.names
    new = list(dict.fromkeys(need.text for need in added))
    newline = newline_of(tree.text) + indent_of(tree, statement)
    kept = [alias for alias in aliases if alias not in dropped]
    edits: list[Edit] = []
    if not kept and not new:
        start, end = tree.span(statement)
        comments = _COMMENT.findall(tree.text, start, end)
        if not replacing and comments:
            # They stood between the parentheses: they stay, in the statement's place.
            behind = _BLANKS.match(tree.text, end)
            at = behind.end() if behind else end
            ending = newline if tree.text.startswith("#", at) else ""
            return [Edit(start, at if ending else end, newline.join(comments) + ending)]
        if not replacing:
            return remove_statement(tree, statement)
        return [Edit(start, end, newline.join([*comments, *replacing]))]
    if replacing:
        at = tree.span(statement).start
        if starts_line(tree, statement):
            edits.append(Edit(at, at, "".join(line + newline for line in replacing)))
        else:
            edits.append(Edit(at, at, "".join(f"{line}; " for line in replacing)))
    removed = [alias for alias in aliases if alias in dropped]
    if kept and not _stays_sorted(aliases, dict(zip(removed, new, strict=False))):
        removed = []
    for alias in removed[: len(new)]:
        start, end = tree.span(alias)
        edits.append(Edit(start, end, new.pop(0)))
        kept.append(alias)
    gone = [alias for alias in aliases if alias not in kept]
    edits += _remove_aliases(tree, aliases, gone)
    for text in new:
        edits.append(_add_alias(tree, [alias for alias in aliases if alias not in gone], text))
    return edits


def _without_gap(tree: Tree, edit: Edit, places: Sequence[int]) -> Edit:
    """The removal of lines between two blank ones takes the first of these along, if nothing is put in their place."""
    start, end, new = edit
    lines, text = tree.lines, tree.text
    line = lines.line_of(start)
    alone = not new and start == lines.starts[line] and end > start and end in (*lines.starts, len(text))
    if alone and line == 0:
        return _without_head(tree, edit, places)
    if not alone or lines.line_text(line - 1).strip():
        return edit
    if end < len(text) and lines.line_text(lines.line_of(end)).strip():
        return edit
    before = lines.starts[line - 1]
    return edit if any(before <= place <= end for place in places) else Edit(before, end, "")


def _without_head(tree: Tree, edit: Edit, places: Sequence[int]) -> Edit:
    """The removal of a file's first lines takes the blank ones after them along: no file starts with such."""
    start, end, new = edit
    lines, after = tree.lines, end
    while after < len(tree.text) and not lines.line_text(at := lines.line_of(after)).strip():
        after = lines.starts[at + 1] if at + 1 < len(lines) else len(tree.text)
    return edit if any(start <= place <= after for place in places) else Edit(start, after, new)


def _one_gap(tree: Tree, edits: Sequence[Edit]) -> list[Edit]:
    """A new section that takes the place of one which goes needs no blank line of its own: the old one's is there."""
    newline = newline_of(tree.text)
    blank = re.compile(rf"[ \t]*(?:{newline}|\Z)")
    gaps = {edit.start for edit in edits if not edit.text and blank.match(tree.text, edit.end)}
    return [
        edit._replace(text=edit.text.removesuffix(newline))
        if edit.start == edit.end and edit.start in gaps and edit.text.endswith(newline * 2)
        else edit
        for edit in edits
    ]


def _stays_sorted(aliases: Sequence[ast.alias], renames: dict[ast.alias, str]) -> bool:
    """Whether names that stand in order still do when some are replaced where they are."""
    before = [_alias_key(alias.name) for alias in aliases]
    after = [_alias_key(renames.get(alias, alias.name)) for alias in aliases]
    return after == sorted(after) or before != sorted(before)


def _remove_aliases(tree: Tree, aliases: Sequence[ast.alias], gone: Sequence[ast.alias]) -> list[Edit]:
    if not gone:
        return []
    text = tree.text
    edits: list[Edit] = []
    last_kept = max((i for i, alias in enumerate(aliases) if alias not in gone), default=-1)
    statement_end = tree.span(parent(aliases[0]) or aliases[0]).end
    parenthesised = text[:statement_end].endswith(")")
    if last_kept + 1 < len(aliases) and not parenthesised:
        start = tree.span(aliases[last_kept]).end
        edits.append(Edit(start, tree.span(aliases[-1]).end, ""))
        gone = [alias for alias in gone if alias in aliases[:last_kept]]
    for alias in gone:
        start, end = tree.span(alias)
        if comma := _COMMA.match(text, end):
            end = comma.end()
        blanks = _BLANKS.match(text, end)
        end = blanks.end() if blanks else end
        line_start = tree.lines.starts[tree.lines.line_of(start)]
        newline = _NEWLINE.match(text, end)
        if not text[line_start:start].strip() and newline:
            start, end = line_start, newline.end()
        elif newline or text.startswith(")", end):
            start -= len(text[line_start:start]) - len(text[line_start:start].rstrip(" \t"))
        edits.append(Edit(start, end, ""))
    return edits


def _add_alias(tree: Tree, aliases: Sequence[ast.alias], new: str) -> Edit:
    # Behind a backslash a new line would end the statement.
    lines = tree.source(parent(aliases[0]) or aliases[0]).rstrip().endswith(")")
    keys = [_alias_key(alias.name) for alias in aliases]
    at = len(keys)
    if keys == sorted(keys):
        at = next((i for i, key in enumerate(keys) if key > _alias_key(new)), at)
    if at < len(aliases):
        start = tree.span(aliases[at]).start
        if lines and starts_line(tree, aliases[at]):
            return Edit(start, start, f"{new},{newline_of(tree.text)}{indent_of(tree, aliases[at])}")
        return Edit(start, start, f"{new}, ")
    end = tree.span(aliases[-1]).end
    if lines and starts_line(tree, aliases[-1]) and len(aliases) > 1:
        return Edit(end, end, f",{newline_of(tree.text)}{indent_of(tree, aliases[-1])}{new}")
    return Edit(end, end, f", {new}")


def _alias_key(name: str) -> tuple[int, str, str]:
    """Isort's default order: CONSTANTS, Classes, functions."""
    name = name.partition(" ")[0]
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return kind, name.lower(), name


def _insert(tree: Tree, key: tuple[bool, str], statement: str) -> Edit:
    """Put a new import where isort would: into its section, in order."""
    newline = newline_of(tree.text)
    top = [node for node in _leading(tree.module) if isinstance(node, (ast.Import, ast.ImportFrom))]
    section = _section(key[1])
    same = _run_for(key[1], [node for node in top if _section_of(node) == section], tree)
    earlier = [node for node in same if _statement_key(node) <= key]
    if earlier:
        return _after(tree, earlier[-1], statement, "")
    if same:
        return _before(tree, same[0], f"{statement}{newline}")
    lower = [node for node in top if _section_of(node) < section]
    if lower:
        return _after(tree, lower[-1], statement, newline)
    if top:
        return _before(tree, top[0], f"{statement}{newline}{newline}")
    body = tree.module.body
    first = body[0] if body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        return _after(tree, first, statement, newline)
    if first is None:
        return Edit(len(tree.text), len(tree.text), f"{statement}{newline}")
    return _before(tree, first, f"{statement}{newline}{newline}")


def _run_for(module: str, section: Sequence[ImportNode], tree: Tree) -> list[ImportNode]:
    """Of a section's imports those among which `module` belongs, in runs between blank lines.

    They are the runs with imports from its own package, or else the first: what other packages bring comes before the
    project's.
    """
    runs: list[list[ImportNode]] = []
    for node in section:
        line = tree.lines.line_of(tree.span(node).start)
        if not runs or (line and not tree.lines.line_text(line - 1).strip()):
            runs.append([])
        runs[-1].append(node)
    root = module.partition(".")[0]
    akin = [run for run in runs if any(_statement_key(node)[1].partition(".")[0] == root for node in run)]
    return [node for run in akin or runs[:1] for node in run]


def _leading(module: ast.Module) -> Iterable[ast.stmt]:
    """The docstring and the statements up to the end of the module's first run of imports."""
    seen = False
    for index, node in enumerate(module.body):
        is_import = isinstance(node, (ast.Import, ast.ImportFrom))
        if seen and not is_import:
            return
        if is_import or index == 0:
            yield node
        seen = seen or is_import


def _section(module: str) -> int:
    root = module.partition(".")[0]
    if root == "__future__":
        return 0
    if not root:
        return 3
    return 1 if root in sys.stdlib_module_names else 2


def _section_of(node: ImportNode) -> int:
    if isinstance(node, ast.ImportFrom):
        return 3 if node.level else _section(node.module or "")
    return _section(node.names[0].name)


def _statement_key(node: ImportNode) -> tuple[bool, str]:
    if isinstance(node, ast.ImportFrom):
        return True, node.module or ""
    return False, node.names[0].name


def _after(tree: Tree, node: ast.stmt, statement: str, gap: str) -> Edit:
    newline = newline_of(tree.text)
    line = tree.lines.line_of(max(tree.span(node).end - 1, 0))
    if line + 1 < len(tree.lines):
        at = tree.lines.starts[line + 1]
        return Edit(at, at, f"{gap}{statement}{newline}")
    end = len(tree.text)
    return Edit(end, end, f"{newline}{gap}{statement}")


def _before(tree: Tree, node: ast.stmt, text: str) -> Edit:
    start = tree.span(node).start
    if decorators := getattr(node, "decorator_list", None):
        start = tree.text.rfind("@", 0, tree.span(decorators[0]).start)
    at = tree.lines.starts[tree.lines.line_of(start)]
    return Edit(at, at, text)


def _join_insertions(edits: Sequence[Edit]) -> list[Edit]:
    """Insertions at one place become one, in their order."""
    joined: dict[tuple[int, int], Edit] = {}
    rest: list[Edit] = []
    for edit in dict.fromkeys(edits):
        if edit.start != edit.end:
            rest.append(edit)
            continue
        key = (edit.start, edit.end)
        before = joined.get(key)
        joined[key] = Edit(edit.start, edit.end, (before.text if before else "") + edit.text)
    return sorted([*rest, *joined.values()])
