"""What templates may no longer use: in template files, and in strings given to ``Template()``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django_uplift.api import (
    Bit,
    Call,
    Confidence,
    Context,
    Edit,
    Found,
    Release,
    Rule,
    Span,
    Template,
    Token,
)
from django_uplift_rules.kinds.receivers import declared

_ENGINES = ("django.template.Engine", "django.template.engine.Engine", "django.template.engines.django")
_LITERAL = re.compile(r"""[rRuU]?("{3}|'{3}|"|')""")


class Spot(NamedTuple):
    """What is wrong at a place of a template, and the edits that mend it; `span` counts from the template's start."""

    span: Span
    message: str
    title: str = ""
    edits: tuple[Edit, ...] = ()
    unsafe: str = ""


class TemplateRule(Rule):
    """Base: something in a template's text. Override `spots`.

    `pattern` is found in the bytes of every file that has such a thing.
    """

    languages = ("python", "template")
    calls = ("django.template.Template", "django.template.base.Template")
    methods = ("from_string",)
    pattern: re.Pattern[bytes]
    sure: Confidence = Confidence.PROVEN

    def __init__(self, code: str, word: str = "", **versions: Any) -> None:
        super().__init__(code, **versions)
        self.any_words = (word,) if word else ()

    def concerns(self, data: bytes, words: frozenset[bytes], target: Release) -> bool:
        """Whether the thing can be in the file."""
        return self.pattern.search(data) is not None

    def file(self, ctx: Context) -> Found:
        """A template file."""
        if ctx.template is not None:
            for spot in self.spots(ctx.template, ctx):
                fix = ctx.fix(spot.title, spot.edits, unsafe=spot.unsafe) if spot.edits else None
                yield self.finding(ctx, spot.span, spot.message, fix, confidence=self.sure)

    def call(self, call: Call, ctx: Context) -> Found:
        """A template in a string, if the string is written out as it is: without escapes, in one piece."""
        yield from self._string(call.argument("template_string", 0), ctx)

    def method(self, call: Call, ctx: Context) -> Found:
        """``Engine().from_string(...)``, and that of the engine for Django's templates in ``engines``."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        engine = function.value
        is_chosen = (
            isinstance(engine, ast.Subscript) and ctx.resolve(engine.value) == "django.template.engines"
        )
        if is_chosen and "jinja" in ctx.source(engine).lower():
            return
        if is_chosen or declared(engine, ctx) in _ENGINES:
            yield from self._string(call.argument("template_code", 0), ctx)

    def _string(self, node: ast.expr | None, ctx: Context) -> Found:
        """A string, or a name for one that is bound once."""
        if isinstance(node, ast.Name):
            bindings = ctx.names.lookup(node.id, node)
            node = bindings[0].value if len(bindings) == 1 else None
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            return
        source = ctx.source(node)
        opening = _LITERAL.match(source)
        if opening is None or source[opening.end() : -len(opening[1])] != node.value:
            return
        base = ctx.span(node).start + opening.end()
        for spot in self.spots(Template(node.value), ctx):
            edits = tuple(Edit(start + base, end + base, text) for start, end, text in spot.edits)
            mendable = edits and not any(opening[1][0] in edit.text or "\\" in edit.text for edit in edits)
            fix = ctx.fix(spot.title, edits, unsafe=spot.unsafe) if mendable else None
            span = Span(spot.span.start + base, spot.span.end + base)
            yield self.finding(ctx, span, spot.message, fix, confidence=self.sure)

    def spots(self, template: Template, ctx: Context) -> Iterator[Spot]:
        """What is wrong in a template."""
        raise NotImplementedError


def has_library(name: str, ctx: Context) -> bool:
    """Whether the project has a library of tags of its own with this name."""
    return any(path.parts[-2:] == ("templatetags", f"{name}.py") for path in ctx.modules.paths)


class RemovedLibrary(TemplateRule):
    """``{% load old %}``, of a library whose tags another one has."""

    def __init__(self, code: str, old: str, new: str, **versions: Any) -> None:
        super().__init__(code, old, **versions)
        self.old = old
        self.new = new
        self.pattern = re.compile(rb"load\b[^%%]*\b%s\b" % old.encode())

    def spots(self, template: Template, ctx: Context) -> Iterator[Spot]:
        """Every tag that loads the library."""
        found = [
            (token, bit)
            for token in template.tokens
            if token.name == "load"
            for bit in _libraries(token)
            if bit.text == self.old
        ]
        if not found or has_library(self.old, ctx):
            return
        message = f"The template library {self.old} {self.since(ctx.target)}: load {self.new}"
        for token, bit in found:
            yield Spot(bit.span, message, f"Load {self.new}", (self._edit(token, bit, template),))

    def _edit(self, token: Token, bit: Bit, template: Template) -> Edit:
        others = [other.text for other in _libraries(token) if other is not bit]
        if self.new not in others:
            return Edit(*bit.span, self.new)
        # It is loaded beside the old one: that one goes, with the blank in front of it.
        before = token.bits[token.bits.index(bit) - 1]
        return Edit(before.span.end, bit.span.end, "")


def _libraries(token: Token) -> tuple[Bit, ...]:
    """The libraries that a ``{% load %}`` names: of ``{% load tag from library %}`` the last word."""
    bits = token.bits[1:]
    if len(bits) >= 3 and bits[-2].text == "from":
        return bits[-1:]
    return bits


class ComparingTag(TemplateRule):
    """``{% old a b %} ... {% endold %}``, which is ``{% if a OPERATOR b %}``."""

    def __init__(self, code: str, old: str, operator: str, **versions: Any) -> None:
        super().__init__(code, old, **versions)
        self.old = old
        self.operator = operator
        self.pattern = re.compile(rb"\{%%[ \t]*%s\b" % old.encode())

    def spots(self, template: Template, ctx: Context) -> Iterator[Spot]:
        """Every tag that opens such a block."""
        opening = [token for token in template.tokens if token.name == self.old]
        if not opening:
            return
        message = (
            f"The template tag {self.old} {self.since(ctx.target)}: write {{% if a {self.operator} b %}}"
        )
        for token in opening:
            end = template.closing(token, self.old, f"end{self.old}")
            edits: tuple[Edit, ...] = ()
            if end is not None and len(token.bits) == 3:
                name, left, right = token.bits
                edits = (
                    Edit(*name.span, "if"),
                    Edit(left.span.end, right.span.start, f" {self.operator} "),
                    Edit(*end.bits[0].span, "endif"),
                )
            yield Spot(token.bits[0].span, message, "Write {% if %}", edits)
