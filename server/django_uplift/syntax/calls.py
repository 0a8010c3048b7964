"""The arguments of a call: reading them, and editing them with commas and comments intact."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from django_uplift.syntax.tree import Tree
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Span
from django_uplift.text.source import newline_of

_GAP = re.compile(r"(?:\s|\\(?=[\r\n])|#[^\r\n]*)*")
_BLANKS = re.compile(r"[ \t]*")
_NEWLINE = re.compile(r"\r\n|\n|\r")


class Call:
    """A call expression.

    `name` is the qualified name of what is called, where the engine dispatched on one.
    """

    __slots__ = ("name", "node", "tree")

    def __init__(self, node: ast.Call, tree: Tree, name: str = "") -> None:
        self.node = node
        self.tree = tree
        self.name = name

    @property
    def unpacks(self) -> bool:
        """Whether ``*args`` or ``**kwargs`` hide some arguments."""
        return self.unpacks_positional or self.unpacks_keywords

    @property
    def unpacks_positional(self) -> bool:
        """Whether there is a ``*args``."""
        return any(isinstance(arg, ast.Starred) for arg in self.node.args)

    @property
    def unpacks_keywords(self) -> bool:
        """Whether there is a ``**kwargs``."""
        return any(keyword.arg is None for keyword in self.node.keywords)

    def keyword(self, name: str) -> ast.keyword | None:
        """The argument written ``name=...``."""
        return next((keyword for keyword in self.node.keywords if keyword.arg == name), None)

    def positional(self, index: int) -> ast.expr | None:
        """The positional argument at `index`, None where a ``*args`` before it leaves that open."""
        args = self.node.args[: index + 1]
        if len(args) <= index or any(isinstance(arg, ast.Starred) for arg in args):
            return None
        return args[index]

    def argument(self, name: str, index: int | None = None) -> ast.expr | None:
        """The value of a parameter, given by name or at its position."""
        keyword = self.keyword(name)
        if keyword is not None:
            return keyword.value
        return None if index is None else self.positional(index)

    # Edits

    def keyword_span(self, keyword: ast.keyword) -> Span:
        """The characters of a keyword's name."""
        start = self.tree.span(keyword).start
        return Span(start, start + len(keyword.arg or ""))

    def rename_keyword(self, keyword: ast.keyword, new: str) -> Edit:
        """Give a keyword argument another name."""
        return Edit(*self.keyword_span(keyword), new)

    def name_argument(self, argument: ast.expr, name: str) -> Edit:
        """Make a positional argument a keyword argument; everything behind it must be one already."""
        start = self._outer(argument).start
        return Edit(start, start, f"{name}=")

    def remove(self, argument: ast.expr | ast.keyword) -> list[Edit]:
        """Remove one argument with its comma. Comments stay."""
        return self.remove_all([argument])

    def remove_all(self, arguments: Sequence[ast.expr | ast.keyword]) -> list[Edit]:
        """Remove several arguments of this call, each with its comma. Comments stay."""
        text, tree = self.tree.text, self.tree
        everything = self._arguments()
        gone = [argument for argument in everything if argument in arguments]
        kept = [argument for argument in everything if argument not in gone]
        edits: list[Edit] = []
        last_kept = everything.index(kept[-1]) if kept else -1
        if not kept and gone and (whole := self._between_parentheses(gone[0])) is not None:
            return [Edit(*whole, "")]
        for argument in gone:
            start, end = self._outer(argument)
            after = self._skip(end)
            comma = text.startswith(",", after)
            closes = comma and text[after + 1 :].lstrip(" \t").startswith(")")
            if everything.index(argument) > last_kept >= 0 and (not comma or closes):
                # The last argument takes the comma before it along, unless a comment lies between them.
                previous = self._outer(everything[everything.index(argument) - 1]).end
                at = text.rfind(",", previous, start)
                if at >= 0 and not text[at + 1 : start].strip(" \t\r\n\\"):
                    edits.append(Edit(at, end, ""))
                    continue
            if comma:
                end = after + 1
                if text[self._outer(argument).end : after].strip():
                    # A comment stands between the argument and its comma.
                    edits.append(Edit(after, after + 1, ""))
                    end = self._outer(argument).end
            blanks = _BLANKS.match(text, end)
            stop = blanks.end() if blanks else end
            line_start = tree.lines.starts[tree.lines.line_of(start)]
            newline = _NEWLINE.match(text, stop)
            if newline and not text[line_start:start].strip():
                edits.append(Edit(line_start, newline.end(), ""))
            elif text.startswith("#", stop):
                edits.append(Edit(start, stop if text[line_start:start].strip() == "" else end, ""))
            elif newline:
                lead = text[line_start:start]
                edits.append(Edit(start - (len(lead) - len(lead.rstrip(" \t"))), end, ""))
            else:
                edits.append(Edit(start, stop, ""))
        return edits

    def _between_parentheses(self, first: ast.expr | ast.keyword) -> Span | None:
        """All that stands between a call's parentheses, if there is no comment; `first` is its first argument."""
        end = self.tree.span(self.node).end - 1
        start = self.tree.text.rfind("(", self.tree.span(self.node.func).end, self._outer(first).start)
        text = self.tree.text[start + 1 : end]
        return Span(start + 1, end) if start >= 0 and "#" not in text else None

    def add_keyword(self, name: str, value: str) -> Edit:
        """Append ``name=value`` behind the last argument."""
        everything = self._arguments()
        new = f"{name}={value}"
        if not everything:
            at = self.tree.span(self.node).end - 1
            return Edit(at, at, new)
        last = everything[-1]
        end = self._outer(last).end
        start = self._outer(last).start
        line_start = self.tree.lines.starts[self.tree.lines.line_of(start)]
        indent = self.tree.text[line_start:start]
        first_start = self._outer(everything[0]).start
        exploded = not indent.strip() and self.tree.lines.line_of(first_start) > self.tree.lines.line_of(
            self.tree.span(self.node.func).end
        )
        return Edit(end, end, f",{newline_of(self.tree.text)}{indent}{new}" if exploded else f", {new}")

    def _arguments(self) -> list[ast.expr | ast.keyword]:
        arguments: list[ast.expr | ast.keyword] = [*self.node.args, *self.node.keywords]
        return sorted(arguments, key=lambda a: (a.lineno, a.col_offset))

    def _outer(self, argument: ast.expr | ast.keyword) -> Span:
        """The argument with the parentheses around it."""
        span = self.tree.span(argument)
        if isinstance(argument, ast.keyword):
            return Span(span.start, max(span.end, outer_span(self.tree, argument.value).end))
        if isinstance(argument, ast.GeneratorExp) and len(self.node.args) == 1 and not self.node.keywords:
            return span
        return outer_span(self.tree, argument, self.tree.span(self.node))

    def _skip(self, at: int) -> int:
        gap = _GAP.match(self.tree.text, at)
        return gap.end() if gap else at


def outer_span(tree: Tree, node: ast.expr, limit: Span | None = None) -> Span:
    """The characters of an expression with all the parentheses that enclose it alone."""
    text = tree.text
    start, end = tree.span(node)
    while True:
        after = _GAP.match(text, end)
        at = after.end() if after else end
        if not text.startswith(")", at):
            return Span(start, end)
        before = _opening(tree, start)
        if before is None or (limit is not None and at + 1 >= limit.end):
            return Span(start, end)
        start, end = before, at + 1


def _opening(tree: Tree, start: int) -> int | None:
    """The place of an opening parenthesis with nothing between it and `start`, that is no call's."""
    text = tree.text
    at = start
    while True:
        while at > 0 and text[at - 1] in " \t\f\r\n\\":
            at -= 1
        line_start = tree.lines.starts[tree.lines.line_of(max(at - 1, 0))]
        line = text[line_start:at]
        # Lines between that hold only a comment don't count.
        if line.lstrip().startswith("#"):
            at = line_start
            continue
        break
    if at == 0 or text[at - 1] != "(":
        return None
    before = text[: at - 1].rstrip(" \t")[-1:]
    if before and (before.isalnum() or before in "_)]}\"'"):
        word = re.search(r"([A-Za-z_]\w*)$", text[: at - 1].rstrip(" \t"))
        if word is None or word[1] not in _KEYWORDS:
            return None
    return at - 1


_KEYWORDS = {
    "and", "as", "assert", "await", "del", "elif", "else", "for", "from", "if", "in", "is", "lambda", "not", "or",
    "return", "while", "with", "yield",
}  # fmt: skip
