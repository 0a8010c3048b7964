r"""A rule's page: the text that users read, and the examples that are its tests.

A page is Markdown. Its first line is `# Title`, and its parts are sections of level two. A rule of ours has
`What`, `Why`, `Since`, `Example`, `Fix safety` and `Not reported`, and may have `Use instead` and `See also`;
the parser takes any name.

A fenced block whose info string has a role is part of an example; any other block is prose::

    ```python bad target=5.0 file=shop/views.py django=import
    from django.utils import timezone
    now = timezone.utc
    #     ^^^^^^^^^^^^ DUA107 was removed
    ```

Roles
    ``bad``    the rule reports this. Starts an example.
    ``ok``     the rule reports nothing here. Starts an example.
    ``fixed``  what a fix of the `bad` block above it makes of it, to the character.
    ``with``   another file of the same project: context, never checked. It follows its `bad` or `ok`; one
               that stands before the page's first example belongs to every example of the page. It has
               any language; `file` is required.

Attributes (``key=value``, or ``key="with blanks"``)
    ``target``   the Django version at which the example is checked. Default: the rule's own versions decide
                 (the harness takes removed_in, else deprecated_in); here it is None.
    ``file``     the file's path in the project, with slashes. Default ``example.py``. `fixed`: as in `bad`.
    ``choice``   on `fixed`: which of the finding's alternative fixes, from 1. Default 1.
    ``safety``   on `fixed`: ``unsafe`` where it is made by unsafe fixes only. Default ``safe``.
    ``django``   how real Django runs it: ``import`` (the module is executed in a configured project),
                 ``call`` (so, then its plain functions, views and test cases are run), ``async`` (so, then
                 its coroutine functions and async views are run on an event loop), ``settings`` (the module
                 is the settings, laid over a working project's), ``no`` (it can't be run; say ``why``). A
                 `fixed` block has its `bad` block's.
    ``why``      why it can't be run.
    ``since``, ``until``  the first release on which this block can run, and the first on which it no longer
                 can, where that does not follow from the rule's own versions.
    ``raises``, ``warns``  on `bad`: the exact class names (or a check's id) that real Django must show.
    ``silent``   on `bad`: where real Django says nothing: ``yes`` on the releases that removed the thing,
                 ``deprecated`` on those that deprecate it, ``always`` on all. For ``async``: it completes.

Marks
    A line of carets under a line of source marks one finding: `# ^^^^ CODE message`. The carets stand under
    the finding's characters; code and message are optional, and the message need only occur in the
    finding's. A finding that goes on in later lines has `>` behind its last caret (`# ^^^^> CODE`): its end
    is not compared. As `#` itself would cover column 0, a mark that starts there or at column 1 is written
    without it. Marks are removed from the source, several may follow one line, and a `bad` block without
    any needs one finding at least. In files that are not Python, `{# ^^^ #}`, `<!-- ^^^ -->` and `// ^^^`
    are marks too.
"""

from __future__ import annotations

import re
from typing import NamedTuple

ROLES = ("bad", "fixed", "ok", "with")
RUNS = ("import", "call", "async", "settings", "no")
_EVERYWHERE = {"target", "file", "django", "why", "since", "until"}
_ATTRIBUTES = {
    "bad": _EVERYWHERE | {"raises", "warns", "silent"},
    "ok": _EVERYWHERE,
    "fixed": {"choice", "safety", "django", "why", "since", "until"},
    "with": {"file"},
}
_VALUES = {
    "target": (r"\d+\.\d+", "a version, such as 5.2"),
    "since": (r"\d+\.\d+", "a version, such as 5.2"),
    "until": (r"\d+\.\d+", "a version, such as 5.2"),
    "choice": (r"[1-9]\d*", "a number from 1"),
    "safety": ("safe|unsafe", "safe or unsafe"),
    "silent": ("yes|deprecated|always", "yes, deprecated or always"),
    "django": ("|".join(RUNS), ", ".join(RUNS)),
    "raises": (r"[\w.]+", "the name of a class, or a check's id"),
    "warns": (r"[\w.]+", "the name of a class, or a check's id"),
    "file": (r"[^/\\].*", "a path inside the project"),
}
_NO_TITLE = "a page starts with its title ('# ...')"
_FENCE = re.compile(r"^( {0,3})(`{3,}|~{3,})[ \t]*(.*?)[ \t]*$")
_ATTRIBUTE = re.compile(r"""([^\s="]+)(?:=(?:"([^"]*)"|([^\s"]*)))?(?=\s|$)""")
_MARK = re.compile(
    r"^(?P<lead>[ \t]*(?:#|\{\#|<!--|//)[ \t]*| ?)(?P<carets>\^+)(?P<more>>?)"
    r"(?:[ \t]+(?P<code>[A-Z]+[0-9]+)(?=[ \t]|$))?(?P<message>(?:[ \t].*?)?)(?:[ \t]*(?:\#\}|-->))?[ \t]*$"
)


class PageError(ValueError):
    """The page can't be read. `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line


class Mark(NamedTuple):
    """Where a finding is expected. `line` and columns are 0-based, in characters of the block's source."""

    line: int
    start: int
    end: int | None
    """None: the finding goes on in a later line."""
    code: str | None
    message: str


class Block(NamedTuple):
    """One fenced block of an example, its marks taken out of its source."""

    role: str
    language: str
    path: str
    source: str
    marks: tuple[Mark, ...]
    line: int
    """Of the page, from 1: where the fence opens."""
    attributes: dict[str, str]

    @property
    def target(self) -> str | None:
        """The target version; None leaves it to the rule's own versions."""
        return self.attributes.get("target")

    @property
    def django(self) -> str | None:
        """How real Django runs it; None: the page does not say."""
        return self.attributes.get("django")

    @property
    def choice(self) -> int:
        """Which of the alternative fixes gives this block, from 1."""
        return int(self.attributes.get("choice", "1"))

    @property
    def unsafe(self) -> bool:
        """Whether only unsafe fixes give this block."""
        return self.attributes.get("safety") == "unsafe"


class Example(NamedTuple):
    """A `bad` block and what fixes make of it, or an `ok` block; with the files around it."""

    block: Block
    fixed: tuple[Block, ...]
    context: tuple[Block, ...]

    @property
    def bad(self) -> bool:
        """Whether the rule reports it."""
        return self.block.role == "bad"

    @property
    def files(self) -> dict[str, str]:
        """Every file of the example, by path."""
        return {block.path: block.source for block in (*self.context, self.block)}


class Page(NamedTuple):
    """A rule's page."""

    title: str
    sections: dict[str, str]
    """Heading to Markdown as a reader should see it: without roles, attributes and marks."""
    examples: tuple[Example, ...]

    @property
    def markdown(self) -> str:
        """The whole page as a reader should see it."""
        parts = [f"# {self.title}", *(f"## {name}\n\n{body}" for name, body in self.sections.items())]
        return "\n\n".join(parts) + "\n"


def parse_page(text: str) -> Page:
    """Read a page. Raises `PageError`."""
    lines = text.replace("\r\n", "\n").removeprefix("\ufeff").split("\n")
    title, sections, blocks = "", dict[str, list[str]](), list[Block]()
    body: list[str] | None = None
    at = 0
    while at < len(lines):
        line = lines[at]
        number = at + 1
        if fence := _FENCE.match(line):
            end = _closing(lines, at, fence)
            block = _block(fence, lines[number:end], number)
            if body is None:
                raise PageError(number, "a fenced block before the first section")
            if block is None:
                body += lines[at : end + 1]
            else:
                blocks.append(block)
                body += _shown(block, fence)
            at = end + 1
            continue
        at += 1
        if line.startswith("# "):
            if title:
                raise PageError(number, "a page has one title")
            title = line[2:].strip()
        elif line.startswith("## "):
            name = line[3:].strip()
            if not title:
                raise PageError(number, "the title ('# ...') must come first")
            if name in sections:
                raise PageError(number, f"a second section {name!r}")
            body = sections[name] = []
        elif body is not None:
            body.append(line)
        elif line.strip():
            raise PageError(number, "text before the first section" if title else _NO_TITLE)
    if not title:
        raise PageError(1, _NO_TITLE)
    return Page(title, {name: "\n".join(body).strip() for name, body in sections.items()}, _examples(blocks))


def _closing(lines: list[str], opening: int, fence: re.Match[str]) -> int:
    marks = fence[2]
    closing = re.compile(rf"^ {{0,3}}{re.escape(marks[0])}{{{len(marks)},}}[ \t]*$")
    for at in range(opening + 1, len(lines)):
        if closing.match(lines[at]):
            return at
    raise PageError(opening + 1, "this fenced block is never closed")


def _block(fence: re.Match[str], body: list[str], number: int) -> Block | None:
    """The block if it has a role; `number` is the line of its fence."""
    language, _, rest = fence[3].partition(" ")
    role, _, rest = rest.strip().partition(" ")
    if role not in ROLES:
        if role and language == "python":
            raise PageError(number, f"unknown role {role!r}: {', '.join(ROLES)}")
        return None
    attributes = _attributes(role, rest.strip(), number)
    if role == "with" and "file" not in attributes:
        raise PageError(number, "a 'with' block needs file=")
    if attributes.get("django") == "no" and not attributes.get("why"):
        raise PageError(number, 'django=no needs why="..."')
    indent = len(fence[1])
    source, marks = _unmark([line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in body], number)
    if marks and role != "bad":
        raise PageError(number, f"a {role!r} block has no marks")
    return Block(role, language, attributes.get("file", "example.py"), source, marks, number, attributes)


def _attributes(role: str, text: str, number: int) -> dict[str, str]:
    attributes: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _ATTRIBUTE.match(text, at)
        if match is None or (match[2] is None and not match[3]):
            raise PageError(number, f"expected key=value: {text[at:]!r}")
        key, value = match[1], match[2] if match[2] is not None else match[3]
        if key not in _ATTRIBUTES[role]:
            known = ", ".join(sorted(_ATTRIBUTES[role]))
            raise PageError(number, f"a {role!r} block has no {key}=; it has {known}")
        if key in attributes:
            raise PageError(number, f"{key}= twice")
        pattern, expected = _VALUES.get(key, (".+", "a text"))
        if not re.fullmatch(pattern, value):
            raise PageError(number, f"{key}={value!r} must be {expected}")
        attributes[key] = value
        at = match.end()
        while at < len(text) and text[at] in " \t":
            at += 1
    return attributes


def _unmark(body: list[str], number: int) -> tuple[str, tuple[Mark, ...]]:
    source: list[str] = []
    marks: list[Mark] = []
    for offset, line in enumerate(body, 1):
        match = _MARK.match(line)
        if match is None:
            source.append(line)
            continue
        if not source:
            raise PageError(number + offset, "a mark needs a line above it")
        start, end = match.span("carets")
        if end > len(source[-1]):
            raise PageError(number + offset, "this mark reaches behind the end of its line")
        last = None if match["more"] else end
        marks.append(Mark(len(source) - 1, start, last, match["code"], match["message"].strip()))
    if not source:
        raise PageError(number, "an empty block")
    return "".join(f"{line}\n" for line in source), tuple(marks)


def _shown(block: Block, fence: re.Match[str]) -> list[str]:
    """The block as a reader sees it: what it is in words, and its source alone."""
    attributes = block.attributes
    if block.role == "bad":
        caption = "Reported"
    elif block.role == "ok":
        caption = "Not reported"
    elif block.role == "with":
        caption = "With"
    else:
        caption = "Fixed" if block.choice == 1 else "Or"
    if block.role != "fixed" and "file" in attributes:
        caption += f" `{block.path}`" if block.role == "with" else f", in `{block.path}`"
    if "target" in attributes:
        caption += f", for Django {attributes['target']}"
    if block.unsafe:
        caption += " (unsafe)"
    body = block.source.removesuffix("\n").split("\n")
    return [f"{caption}:", "", f"{fence[2]}{block.language}", *body, fence[2]]


def _examples(blocks: list[Block]) -> tuple[Example, ...]:
    shared: list[Block] = []
    groups: list[tuple[Block, list[Block], list[Block]]] = []
    for block in blocks:
        if block.role in ("bad", "ok"):
            groups.append((block, [], []))
        elif block.role == "with":
            (groups[-1][2] if groups else shared).append(block)
        else:
            if not groups or groups[-1][0].role != "bad":
                raise PageError(block.line, "a 'fixed' block follows the 'bad' block that it is made of")
            bad, fixed, _ = groups[-1]
            if any(other.choice == block.choice and other.unsafe == block.unsafe for other in fixed):
                raise PageError(block.line, f"choice={block.choice} is shown twice")
            inherited = {k: v for k, v in bad.attributes.items() if k in ("target", "django", "why")}
            fixed.append(block._replace(path=bad.path, attributes={**inherited, **block.attributes}))
    examples: list[Example] = []
    for block, fixed, context in groups:
        own = {other.path for other in context}
        around = (*(other for other in shared if other.path not in own), *context)
        paths = [other.path for other in (block, *around)]
        if len(set(paths)) != len(paths):
            raise PageError(block.line, "two blocks of this example have the same file=")
        examples.append(Example(block, tuple(fixed), around))
    return tuple(examples)
