"""Shapes that real code has and that rewriting tools trip over, made from any example.

A transform takes a source and gives the same program in another dress, or None where it does not fit.
`LAYOUT` ones leave the tree as it is: findings and fixes must be the same to the last name. `NEUTRAL` ones
change the tree but not what there is to find. `LOOSE` ones may hide or multiply findings; nothing may break
under them.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

Source = str | bytes
Transform = Callable[[str], "Source | None"]


class Insert(NamedTuple):
    """Text to put in front of the character at an offset."""

    at: int
    text: str


# Reading a source


def _tokens(source: str) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(source, newline="").readline))


class _Offsets:
    """Places of tokens and of nodes as offsets; sources here have LF line ends."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.starts = [0]
        for line in source.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def of(self, place: tuple[int, int]) -> int:
        """Of a token's place."""
        return self.starts[place[0] - 1] + place[1]

    def node(self, line: int, column: int) -> int:
        """Of a node's place, whose column counts UTF-8 bytes."""
        start = self.starts[line - 1]
        text = self.source[start : self.starts[line] - 1].encode()[:column].decode()
        return start + len(text)

    def start(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        """Where a node starts."""
        return self.node(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        """Where a node ends."""
        assert node.end_lineno is not None and node.end_col_offset is not None
        return self.node(node.end_lineno, node.end_col_offset)


def _insert(source: str, inserts: list[Insert]) -> str | None:
    if not inserts:
        return None
    for at, text in sorted(inserts, key=lambda i: i.at, reverse=True):
        source = source[:at] + text + source[at:]
    return source


def _string_lines(source: str) -> set[int]:
    """The lines (from 1) that start inside a string: their blanks are not ours."""
    inside: set[int] = set()
    opened: list[int] = []
    for token in _tokens(source):
        name = tokenize.tok_name[token.type]
        if name == "STRING":
            inside.update(range(token.start[0] + 1, token.end[0] + 1))
        elif name in ("FSTRING_START", "TSTRING_START"):
            opened.append(token.start[0])
        elif name in ("FSTRING_END", "TSTRING_END"):
            inside.update(range(opened.pop() + 1, token.end[0] + 1))
    return inside


def _blocks(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                yield block


def _simple(tree: ast.AST) -> Iterator[ast.stmt]:
    """Simple statements, but for docstrings and future imports."""
    for block in _blocks(tree):
        for number, statement in enumerate(block):
            if hasattr(statement, "body") or hasattr(statement, "cases"):
                continue
            first = (
                number == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            )
            future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            if not first and not future:
                yield statement


def _alone(source: str, statement: ast.stmt) -> bool:
    """Whether no other statement shares a statement's lines."""
    lines = source.split("\n")
    before = lines[statement.lineno - 1].encode()[: statement.col_offset]
    assert statement.end_lineno is not None
    behind = lines[statement.end_lineno - 1].encode()[statement.end_col_offset :]
    return not before.strip() and not behind.strip().removesuffix(b";").strip().partition(b"#")[0]


def _before_statements(source: str, text: str) -> str | None:
    offsets = _Offsets(source)
    statements = [s for s in _simple(ast.parse(source)) if _alone(source, s)]
    return _insert(source, [Insert(offsets.start(s), text) for s in statements])


def _has_settings(tree: ast.Module) -> bool:
    """Whether the module looks like settings, whose assignments only count where they are."""
    return any(
        isinstance(target, ast.Name) and target.id.isupper()
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
    )


def _header(tree: ast.Module) -> int:
    """How many statements must stay first: the docstring and future imports."""
    count = 0
    for statement in tree.body:
        doc = count == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not doc and not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            break
        count += 1
    return count


# Layout: the tree stays


def crlf(source: str) -> str:
    """Windows line ends."""
    return source.replace("\n", "\r\n")


def tabs(source: str) -> str | None:
    """Tabs for blanks."""
    inside = _string_lines(source)
    lines = source.split("\n")
    for number, line in enumerate(lines, 1):
        blank = len(line) - len(line.lstrip(" "))
        if number not in inside and blank >= 4:
            lines[number - 1] = "\t" * (blank // 4) + " " * (blank % 4) + line[blank:]
    result = "\n".join(lines)
    return result if result != source else None


def bom(source: str) -> bytes:
    """A byte order mark, and a character that moves UTF-8 columns away from characters."""
    return ("\ufeff" + source.rstrip("\n") + "\n# é 🎉\n").encode()


def form_feeds(source: str) -> str | None:
    """Form feeds between and in front of statements: no line ends, though `str.splitlines` thinks so."""
    tree = ast.parse(source)
    first = [s for s in tree.body if _alone(source, s) and not getattr(s, "decorator_list", None)]
    offsets = _Offsets(source)
    return _insert(source, [Insert(offsets.start(s), "\f\n\f") for s in first])


def trailing_comments(source: str) -> str | None:
    """A comment behind every line that can have one, also inside brackets."""
    inserts: list[Insert] = []
    offsets = _Offsets(source)
    inside = _string_lines(source)
    ends = {t.start[0]: t for t in _tokens(source) if t.type in (tokenize.NEWLINE, tokenize.NL)}
    lines = source.split("\n")
    for number, token in sorted(ends.items()):
        text = lines[number - 1]
        if text.strip() and "#" not in text and number + 1 not in inside:
            inserts.append(Insert(offsets.of(token.start), f"  # kept {number} 🎉"))
    return _insert(source, inserts)


def no_last_newline(source: str) -> str:
    """A file that ends with its last statement."""
    return source.rstrip("\n")


def blank_lines(source: str) -> str | None:
    """Comments and blank lines around every statement."""
    offsets = _Offsets(source)
    inserts: list[Insert] = []
    for number, statement in enumerate(_simple(ast.parse(source))):
        if _alone(source, statement):
            indent = " " * statement.col_offset
            inserts.append(Insert(offsets.start(statement), f"# above {number}\n\n{indent}"))
    return _insert(source, inserts)


def continuations(source: str) -> str | None:
    """Backslashes behind `=`, `import`, `return`, `await`, and in front of dots, outside brackets."""
    offsets = _Offsets(source)
    inserts: list[Insert] = []
    depth = 0
    tokens = _tokens(source)
    literal = 0
    starts = {(s.lineno, s.col_offset) for s in _simple(ast.parse(source)) if _alone(source, s)}
    here = False
    for number, token in enumerate(tokens):
        name = tokenize.tok_name[token.type]
        if token.start in starts and depth == 0:
            here = True
        elif name == "NEWLINE":
            here = False
        literal += name in ("FSTRING_START", "TSTRING_START")
        literal -= name in ("FSTRING_END", "TSTRING_END")
        if name == "OP" and token.string in "([{":
            depth += 1
        elif name == "OP" and token.string in ")]}":
            depth -= 1
        if depth or literal or not here or number == 0:
            continue
        before = tokens[number - 1]
        if token.string in ("=", "import", "return", "await"):
            following = tokens[number + 1]
            if (
                following.start[0] == token.start[0]
                and following.string not in ("(", "*", "\n", "")
                and following.type != tokenize.NEWLINE
            ):
                inserts.append(Insert(offsets.of(following.start), "\\\n        "))
        elif (
            token.string == "." and before.type in (tokenize.NAME, tokenize.OP) and before.end == token.start
        ):
            word = tokens[number - 2].string if number > 1 else ""
            if before.string not in ("from", "import") and not _in_import(tokens, number) and word != "from":
                inserts.append(Insert(offsets.of(token.start), " \\\n        "))
    return _insert(source, inserts)


def _in_import(tokens: list[tokenize.TokenInfo], number: int) -> bool:
    while number >= 0 and tokens[number].type not in (
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.NL,
    ):
        if tokens[number].string in ("from", "import") and tokens[number].type == tokenize.NAME:
            return True
        number -= 1
    return False


def joined(source: str) -> str | None:
    """Neighbouring simple statements on one line."""
    lines = source.split("\n")
    tree = ast.parse(source)
    simple = {id(s) for s in _simple(tree)}
    inside = _string_lines(source)
    pairs: list[tuple[int, int]] = []
    for block in _blocks(tree):
        for first, second in pairwise(block):
            one_line = first.lineno == first.end_lineno and second.lineno == second.end_lineno
            if (
                id(first) in simple
                and id(second) in simple
                and one_line
                and second.lineno == first.lineno + 1
            ):
                if "#" not in lines[first.lineno - 1] and second.lineno not in inside:
                    pairs.append((first.lineno, second.lineno))
    for first_line, second_line in sorted(pairs, reverse=True):
        lines[first_line - 1] += "; " + lines[second_line - 1].strip()
        del lines[second_line - 1]
    return "\n".join(lines) if pairs else None


def exploded(source: str) -> str | None:
    """Every call with one argument a line, a trailing comma, and comments wherever one fits."""
    offsets = _Offsets(source)
    opening: dict[int, tuple[int, list[int]]] = {}
    stack: list[tuple[int, list[int]]] = []
    for token in _tokens(source):
        if token.type != tokenize.OP:
            continue
        at = offsets.of(token.start)
        if token.string in ("(", "[", "{"):
            stack.append((at, []))
        elif token.string in (")", "]", "}"):
            opening[at] = stack.pop()
        elif token.string == "," and stack:
            stack[-1][1].append(at)
    inserts: list[Insert] = []
    tree = ast.parse(source)
    hidden = {id(n) for s in ast.walk(tree) if isinstance(s, ast.JoinedStr) for n in ast.walk(s)}
    for number, call in enumerate(n for n in ast.walk(tree) if isinstance(n, ast.Call)):
        arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
        if (
            not arguments
            or id(call) in hidden
            or (len(arguments) == 1 and isinstance(arguments[0], ast.GeneratorExp))
        ):
            continue
        close = offsets.end(call) - 1
        if close not in opening:
            continue
        start, commas = opening[close]
        if "#" in source[start:close] or "\n" in source[start:close]:
            continue
        pad = " " * (4 * (number % 3 + 1))
        inserts.append(Insert(start + 1, f"  # {number} opens\n{pad}# {number} alone\n\n{pad}"))
        trailing = bool(commas) and not source[commas[-1] + 1 : close].strip()
        for index, comma in enumerate(commas):
            inserts.append(Insert(comma + 1, f"  # {number} argument {index}\n{pad}"))
        if not trailing:
            inserts.append(Insert(close, f",  # {number} last 🎉\n{pad}# {number} end\n"))
    return _insert(source, inserts)


def parenthesised_imports(source: str) -> str | None:
    """`from` imports in parentheses, a name a line, with comments."""
    offsets = _Offsets(source)
    lines = source
    statements = [
        s
        for s in ast.walk(ast.parse(source))
        if isinstance(s, ast.ImportFrom)
        and s.module != "__future__"
        and s.names[0].name != "*"
        and "(" not in source[offsets.start(s) : offsets.end(s)]
    ]
    for number, node in sorted(enumerate(statements), key=lambda pair: -offsets.start(pair[1])):
        start, end = offsets.start(node), offsets.end(node)
        head = f"from {'.' * node.level}{node.module or ''} import (  # {number} opens"
        indent = " " * (node.col_offset + 4)
        names = [f"{a.name} as {a.asname}" if a.asname else a.name for a in node.names]
        body = "".join(
            f"\n{indent}# {number} above {i}\n{indent}{n},  # {number} name {i}" for i, n in enumerate(names)
        )
        lines = f"{lines[:start]}{head}{body}\n{' ' * node.col_offset}){lines[end:]}"
    return lines if statements else None


def everything(source: str) -> bytes | None:
    """Many at once: arguments apart, comments everywhere, tabs, CRLF, a byte order mark."""
    current = source
    for step in (exploded, parenthesised_imports, trailing_comments, tabs, crlf):
        changed = step(current)
        if isinstance(changed, str):
            current = changed
    return ("\ufeff" + current).encode()


# Neutral: another tree, the same things to find


def emoji_before(source: str) -> str | None:
    """Statements behind a string of non-BMP characters, on the same line."""
    return _before_statements(source, "'🎉 é 🧪'; ")


def line_separators(source: str) -> str | None:
    """U+2028, U+0085 and a form feed in a string on the same line: no line ends either."""
    return _before_statements(source, "'\u2028 \x85 \x0c'; ")


def latin_1(source: str) -> bytes | None:
    """An encoding of its own, with characters that are other bytes in UTF-8."""
    text = _before_statements(source, "'é'; ")
    try:
        return None if text is None else f"# -*- coding: latin-1 -*-\n# naïve\n{text}".encode("latin-1")
    except UnicodeEncodeError:
        return None


def in_if(source: str) -> str | None:
    """Everything under `if True:`."""
    return _wrapped(source, "if True:")


def in_try(source: str) -> str | None:
    """Everything in a `try` that catches nothing."""
    text = _wrapped(source, "try:")
    return None if text is None else f"{text}finally:\n    pass\n"


def in_function(source: str) -> str | None:
    """Everything inside a function: imports bind its locals."""
    tree = ast.parse(source)
    star = any(
        alias.name == "*" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for alias in n.names
    )
    classes = any(isinstance(statement, ast.ClassDef) for statement in tree.body)
    coroutines = any(isinstance(node, ast.AsyncFunctionDef) for node in ast.walk(tree))
    if (
        star
        or classes
        or coroutines
        or _has_settings(tree)
        or any(isinstance(n, ast.Global) for n in ast.walk(tree))
    ):
        return None
    return _wrapped(source, "def outer_():")


def in_class(source: str) -> str | None:
    """Everything inside a class body."""
    tree = ast.parse(source)
    scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.ListComp, ast.SetComp)
    if any(isinstance(n, (*scopes, ast.DictComp, ast.GeneratorExp)) for n in ast.walk(tree)):
        return None
    star = any(
        alias.name == "*" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for alias in n.names
    )
    return None if star or _has_settings(tree) else _wrapped(source, "class Outer_:")


def _wrapped(source: str, header: str) -> str | None:
    tree = ast.parse(source)
    first = _header(tree)
    if first == len(tree.body):
        return None
    lines = source.rstrip("\n").split("\n")
    inside = _string_lines(source)
    statement = tree.body[first]
    start = min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", []))])
    moved = [
        line if number in inside or not line.strip() else f"    {line}"
        for number, line in enumerate(lines[start - 1 :], start)
    ]
    return "\n".join([*lines[: start - 1], header, *moved]) + "\n"


def nested(source: str) -> str | None:
    """Calls as an argument of another call. `id` neither evaluates nor keeps what it is given."""
    tree = ast.parse(source)
    offsets = _Offsets(source)
    loads = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
    in_classes = {id(s) for n in ast.walk(tree) if isinstance(n, ast.ClassDef) for s in n.body}
    coroutines = [n for n in ast.walk(tree) if isinstance(n, ast.AsyncFunctionDef)]
    in_coroutines = {id(s) for n in coroutines for s in ast.walk(n)}
    inserts: list[Insert] = []
    for statement in _simple(tree):
        if id(statement) in in_classes or not isinstance(statement, (ast.Expr, ast.Assign, ast.Return)):
            continue
        if isinstance(statement, ast.Assign):
            target = statement.targets[0]
            if len(statement.targets) > 1 or not isinstance(target, ast.Name):
                continue
            if target.id in loads or target.id.isupper() or target.id == "urlpatterns":
                continue
        value = statement.value
        if isinstance(statement, ast.Expr) and id(statement) in in_coroutines:
            continue  # what is passed on may be awaited there
        if isinstance(value, ast.Call) or (
            isinstance(value, ast.Await) and isinstance(value.value, ast.Call)
        ):
            inserts += [Insert(offsets.start(value), "id( "), Insert(offsets.end(value), " , )")]
    return _insert(source, inserts)


def in_decorator(source: str) -> str | None:
    """Calls in a decorator's arguments."""
    tree = ast.parse(source)
    offsets = _Offsets(source)
    inserts: list[Insert] = []
    for statement in tree.body:
        if (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Call)
            and _alone(source, statement)
        ):
            start, end = offsets.start(statement), offsets.end(statement)
            inserts.append(Insert(start, "@id("))
            inserts.append(Insert(end, ")  # decorates\ndef decorated_(): ...\n"))
    return _insert(source, inserts)


def walrus(source: str) -> str | None:
    """Assignments as expressions."""
    tree = ast.parse(source)
    if _has_settings(tree):
        return None
    offsets = _Offsets(source)
    in_classes = {id(s) for n in ast.walk(tree) if isinstance(n, ast.ClassDef) for s in n.body}
    result = source
    for statement in sorted(_simple(tree), key=lambda s: (s.lineno, s.col_offset), reverse=True):
        if not isinstance(statement, ast.Assign) or len(statement.targets) > 1 or id(statement) in in_classes:
            continue
        target = statement.targets[0]
        value = statement.value
        plain = isinstance(value, (ast.Call, ast.Attribute, ast.Await, ast.Name))
        if (
            not isinstance(target, ast.Name)
            or target.id == "urlpatterns"
            or target.id.startswith("__")
            or not plain
        ):
            continue
        between = result[offsets.end(target) : offsets.start(value)]
        if between.strip() != "=":
            continue
        start, middle, at, end = (
            offsets.start(target),
            offsets.end(target),
            offsets.start(value),
            offsets.end(value),
        )
        result = f"{result[:start]}({result[start:middle]} := {result[at:end]}){result[end:]}"
    return result if result != source else None


def crowded_imports(source: str) -> str | None:
    """Every `from` import between two others from the same module."""
    offsets = _Offsets(source)
    inserts: list[Insert] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module != "__future__" and node.names[0].name != "*":
            inserts.append(Insert(offsets.start(node.names[0]), "aaa_ as first_, "))
            inserts.append(Insert(offsets.end(node.names[-1]), ", zzz_ as last_"))
    return _insert(source, inserts)


# Loose: findings may be more, fewer or unmendable; nothing may break


def as_modules(source: str) -> str | None:
    """`import a` and `a.b` for `from a import b`."""
    return _modules(source, lambda module: (f"import {module}", module))


def as_module_aliases(source: str) -> str | None:
    """`import a as m_` and `m_.b` for `from a import b`."""

    def style(module: str) -> tuple[str, str]:
        name = f"m_{module.replace('.', '_')}"
        return f"import {module} as {name}", name

    return _modules(source, style)


def starred(source: str) -> str | None:
    """Starred arguments behind those of every call."""
    offsets = _Offsets(source)
    inserts: list[Insert] = []
    tree = ast.parse(source)
    hidden = {id(n) for s in ast.walk(tree) if isinstance(s, ast.JoinedStr) for n in ast.walk(s)}
    for call in ast.walk(tree):
        if (
            not isinstance(call, ast.Call)
            or id(call) in hidden
            or any(isinstance(a, ast.GeneratorExp) for a in call.args)
        ):
            continue
        close = offsets.end(call) - 1
        before = source[:close].rstrip()
        comma = "" if before.endswith((",", "(")) else ", "
        if "#" in before[before.rfind("\n") + 1 :]:
            continue
        extra = "**extra_" if call.keywords else "*extra_, **more_"
        inserts.append(Insert(close, f"{comma}{extra}"))
    return _insert(source, inserts)


def decorated(source: str) -> str | None:
    """A decorator that nothing is known of on every function and class."""
    offsets = _Offsets(source)
    inserts: list[Insert] = []
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            and not node.decorator_list
        ):
            indent = " " * node.col_offset
            inserts.append(Insert(offsets.start(node), f"@unknown_(1, # decorator\n  )\n{indent}"))
    return _insert(source, inserts)


def twice(source: str) -> str | None:
    """The whole text two times: every name is bound twice."""
    tree = ast.parse(source)
    if _header(tree):
        return None
    return source.rstrip("\n") + "\n\n\n" + source


# Imports


def _uses(tree: ast.Module, name: str) -> list[ast.Name] | None:
    """The places that read a name; None where anything but one import binds or spells it."""
    found: list[ast.Name] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == name:
            if not isinstance(node.ctx, ast.Load):
                return None
            found.append(node)
        elif _spells(node, name):
            return None
    bound = [a for n in ast.walk(tree) if isinstance(n, (ast.Import, ast.ImportFrom)) for a in n.names]
    return found if sum((a.asname or a.name) == name for a in bound) == 1 else None


def _spells(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.arg):
        return node.arg == name
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return node.name == name
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return name in node.names
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.search(rf"\b{name}\b", node.value) is not None
    return False


def _candidates(tree: ast.Module) -> Iterator[tuple[ast.ImportFrom, ast.alias, list[ast.Name]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module != "__future__":
            for alias in node.names:
                uses = None if alias.name == "*" or alias.asname else _uses(tree, alias.name)
                if uses:
                    yield node, alias, uses


def as_aliases(source: str) -> str | None:
    """`from a import b as b_`, its uses renamed."""
    tree = ast.parse(source)
    offsets = _Offsets(source)
    edits: list[tuple[int, int, str]] = []
    for _, alias, uses in _candidates(tree):
        edits.append((offsets.start(alias), offsets.end(alias), f"{alias.name} as {alias.name}_"))
        edits += [(offsets.start(use), offsets.end(use), f"{alias.name}_") for use in uses]
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source if edits else None


def _modules(source: str, style: Callable[[str], tuple[str, str]]) -> str | None:
    tree = ast.parse(source)
    offsets = _Offsets(source)
    edits: list[tuple[int, int, str]] = []
    names: dict[int, tuple[ast.ImportFrom, list[tuple[ast.alias, list[ast.Name]]]]] = {}
    for node, alias, uses in _candidates(tree):
        names.setdefault(id(node), (node, []))[1].append((alias, uses))
    for node, found in names.values():
        # Only whole statements: a part of one would be a change of its own.
        place = offsets.start(node), offsets.end(node)
        if len(found) != len(node.names) or "#" in source[slice(*place)]:
            continue
        assert node.module is not None
        statement, prefix = style(node.module)
        edits.append((*place, statement))
        for alias, uses in found:
            edits += [(offsets.start(use), offsets.end(use), f"{prefix}.{alias.name}") for use in uses]
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text + source[end:]
    return source if edits else None


LAYOUT: tuple[Transform, ...] = (
    crlf,
    tabs,
    bom,
    form_feeds,
    trailing_comments,
    no_last_newline,
    blank_lines,
    continuations,
    joined,
    exploded,
    parenthesised_imports,
    everything,
)
NEUTRAL: tuple[Transform, ...] = (
    emoji_before,
    line_separators,
    latin_1,
    in_if,
    in_try,
    in_function,
    in_class,
    nested,
    in_decorator,
    walrus,
    as_aliases,
    crowded_imports,
)
LOOSE: tuple[Transform, ...] = (as_modules, as_module_aliases, starred, decorated, twice)
