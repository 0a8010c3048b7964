"""Routes of `path()` in place of regular expressions."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from django_uplift.api import Call, Context

_GROUP = re.compile(r"\(\?P<(\w+)>((?:\[[^\]]*\](?:\{\d+\})?|\\.|[^()\\\[])+)\)")
_LITERAL = re.compile("(?:[A-Za-z0-9_/,~@:;=&-]|[\ue000-\uf8ff])+|\\\\[./_-]")
_PLAIN = re.compile(r"[A-Za-z0-9_/,~@:;=&-]*")
_UUID = "-".join(f"[0-9a-f]{{{count}}}" for count in (8, 4, 4, 4, 12))
# What a capture's pattern becomes, and whether it matches and captures the same.
_CONVERTERS = {
    "[^/]+": ("str", True),
    ".+": ("path", True),
    r"\d+": ("int", False),
    "[0-9]+": ("int", False),
    r"[-\w]+": ("slug", False),
    r"[\w-]+": ("slug", False),
    r"[\w\-]+": ("slug", False),
    r"[-\w\d]+": ("slug", False),
    "[-a-zA-Z0-9_]+": ("slug", True),
    "[a-zA-Z0-9_-]+": ("slug", True),
    r"[a-zA-Z0-9_\-]+": ("slug", True),
    _UUID: ("uuid", False),
}
PATH_UNSAFE = r"\d+ becomes an integer and [-\w]+ an ASCII slug"


class Route(NamedTuple):
    """What `path()` takes in place of an expression; `exact`: it matches and captures the same."""

    text: str
    exact: bool
    variables: tuple[str, ...] = ()
    """The names that stand in `text` as private-use characters, counted from U+E000."""

    def written(self, regex: str) -> str:
        """The route as a literal, with the quotes of the expression that it takes the place of."""
        found = re.search("['\"]", regex)
        quote = found[0] if found else '"'
        text = self.text
        for number, name in enumerate(self.variables):
            text = text.replace(chr(0xE000 + number), f"{{{name}}}")
        return f"{'f' if text != self.text else ''}{quote}{text}{quote}"


def to_route(regex: str, *, prefix: bool) -> Route | None:
    """The route of an expression that has one. A `prefix` matches the start of a path, as for `include()`."""
    rest = regex.removeprefix("^")
    if rest == regex and not (prefix and not regex):
        return None
    whole = re.search(r"(\$|\\Z)$", rest)
    if whole and not re.search(r"\\\$$", rest):
        if prefix:
            return None
        rest = rest[: whole.start()]
    elif not prefix:
        return None
    parts: list[str] = []
    exact = True
    while rest:
        if group := _GROUP.match(rest):
            converter = _CONVERTERS.get(group[2])
            if converter is None:
                return None
            exact = exact and converter[1]
            parts.append(f"<{group[1]}>" if converter[0] == "str" else f"<{converter[0]}:{group[1]}>")
            rest = rest[group.end() :]
        elif literal := _LITERAL.match(rest):
            # A quantifier behind it would make it no literal.
            if rest[literal.end() : literal.end() + 1] in ("?", "*", "+", "{"):
                return None
            parts.append(literal[0].replace("\\", ""))
            rest = rest[literal.end() :]
        else:
            return None
    return Route("".join(parts), exact)


def route_of(call: Call, parameter: str, ctx: Context) -> Route | None:
    """The route that a call's expression has, as far as one can see what it is and which view it leads to."""
    regex = call.argument(parameter, 0)
    if regex is None or isinstance(regex, ast.Name) or _has_comment(ctx.source(regex)):
        return None
    pieces = _pieces(regex, ctx)
    if pieces is None:
        return None
    view = call.argument("view", 1)
    prefix = False
    if isinstance(view, ast.Attribute) and view.attr == "urls":
        prefix = True
    elif isinstance(view, ast.Call):
        prefix = (ctx.resolve(view.func) or "").rpartition(".")[2] == "include"
    elif not isinstance(view, (ast.Name, ast.Attribute, ast.Lambda)):
        # What it is decides whether the expression matches a prefix or the whole path.
        return None
    names: list[str] = []
    text = ""
    for piece, name in pieces:
        if name and _PLAIN.fullmatch(piece):
            text += chr(0xE000 + len(names))
            names.append(name)
        else:
            text += piece
    route = to_route(text, prefix=prefix)
    return route and route._replace(variables=tuple(names))


def _has_comment(source: str) -> bool:
    return "\n" in source and "#" in source


def _pieces(node: ast.expr, ctx: Context) -> list[tuple[str, str]] | None:
    """The text of an expression, with the variables that parts of it come from; None if it is not known."""
    if isinstance(node, ast.Constant):
        return [(node.value, "")] if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        # A constant of the module, and nothing else by that name.
        bindings = ctx.names.bindings(node.id)
        value = bindings[0].value if len(bindings) == 1 else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return [(value.value, node.id)]
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [_pieces(node.left, ctx), _pieces(node.right, ctx)]
    elif isinstance(node, ast.JoinedStr):
        parts = [_pieces(value, ctx) for value in node.values]
    elif isinstance(node, ast.FormattedValue) and node.conversion == -1 and node.format_spec is None:
        return _pieces(node.value, ctx)
    else:
        return None
    found: list[tuple[str, str]] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return found
