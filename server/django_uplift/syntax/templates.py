"""Django templates: their tags, variables and comments with places. Nothing is rendered, and no tag is known.

A template is given to the engine as a tree without nodes, so that all that is not about Python works on it as on a
module: positions, suppressions, fixes to convergence.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Literal, NamedTuple

from django_uplift.syntax.segments import Read
from django_uplift.syntax.tree import Tree
from django_uplift.text.lines import Lines, Span

Language = Literal["python", "template"]

SUFFIXES = (".html", ".htm", ".djhtml", ".txt")

# django.template.base.tag_re. A tag ends on its line.
_TOKEN = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
# django.utils.text.smart_split_re.
_BIT = re.compile(r"""(?:[^\s'"]*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^\s'"]*)+)|\S+""")


def language_of(path: Path) -> Language | None:
    """What a file is, by its name; None for what nobody here reads.

    A text file is a template only below a folder of templates. Jinja has a folder of its own, by Django's convention.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        return "python"
    folders = path.parts[:-1]
    if "jinja2" in folders:
        return None
    return "template" if suffix != ".txt" or "templates" in folders else None


class Bit(NamedTuple):
    """One word of a tag, as Django splits it: blanks inside quotes do not count."""

    text: str
    span: Span


class Token(NamedTuple):
    """A tag, a variable or a comment, with its delimiters. `bits` are the words between them."""

    kind: Literal["tag", "variable", "comment"]
    span: Span
    bits: tuple[Bit, ...]

    @property
    def name(self) -> str:
        """A tag's name."""
        return self.bits[0].text if self.kind == "tag" and self.bits else ""


class Template:
    """The tokens of one template's text."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """What Django reads, in order: nothing from inside ``{% verbatim %}`` and ``{% comment %}``."""
        return tuple(self._tokens())

    def _tokens(self) -> Iterator[Token]:
        closing = ""
        for match in _TOKEN.finditer(self.text):
            start, end = match.span()
            kind: Literal["tag", "variable", "comment"] = (
                "tag" if match[0][1] == "%" else "variable" if match[0][1] == "{" else "comment"
            )
            bits = tuple(
                Bit(bit[0], Span(*bit.span())) for bit in _BIT.finditer(self.text, start + 2, end - 2)
            )
            token = Token(kind, Span(start, end), bits)
            if closing:
                # `{% endverbatim name %}` must name the block; a comment's text behind the tag means nothing.
                if kind == "tag" and " ".join(bit.text for bit in bits) == closing:
                    closing = ""
                    yield token
                continue
            if token.name == "verbatim":
                closing = " ".join(["endverbatim", *(bit.text for bit in bits[1:])])
            elif token.name == "comment":
                closing = "endcomment"
            yield token

    def closing(self, token: Token, name: str, end: str) -> Token | None:
        """The tag `end` that closes the tag `token`, where tags of one `name` stand inside each other."""
        depth = 0
        for other in self.tokens[self.tokens.index(token) :]:
            if other.name == name:
                depth += 1
            elif other.name == end:
                depth -= 1
                if depth == 0:
                    return other
        return None


class TemplateTree(Tree):
    """A template where the engine expects a module: without nodes."""

    __slots__ = ("template",)

    def __init__(self, lines: Lines) -> None:
        super().__init__(ast.Module([], []), lines)
        self.template = Template(lines.text)

    def comments(self) -> Iterator[tuple[Span, range]]:
        """Comments and the lines that each speaks for: its own, and the next one if it stands alone."""
        for token in self.template.tokens:
            if token.kind == "comment":
                line = self.lines.line_of(token.span.start)
                alone = self.lines.line_text(line).strip() == self.text[token.span.start : token.span.end]
                yield token.span, range(line, line + 2 if alone else line + 1)


def read_template(lines: Lines) -> Read:
    """A template's tree. There is no text that is none."""
    return Read(TemplateTree(lines), None)
