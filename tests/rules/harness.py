"""The engine as the rules' tests see it: texts in, findings and texts out. No other knows its API."""

from __future__ import annotations

import atexit
import codecs
import contextlib
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.releases import LATEST
from django_uplift.engine.findings import Finding, Safety
from django_uplift.engine.fixes import render
from django_uplift.engine.pages import Block, Example, Page, PageError, parse_page
from django_uplift.engine.registry import Registry, load, page_path
from django_uplift.engine.rule import Rule
from django_uplift.engine.run import Checked, Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from django_uplift.text.edits import apply_edits
from django_uplift.text.lines import Lines
from django_uplift.text.source import DecodeError, decode

PROJECT = Path(__file__).resolve().parents[1] / "django" / "project"
Text = str | bytes


class Seen(NamedTuple):
    """A finding with its place, 0-based and in characters."""

    code: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    source: str
    fixes: int
    """How many ways to mend it are offered."""


@cache
def registry() -> Registry:
    """The installed rules."""
    return load()


@cache
def rules() -> tuple[Rule, ...]:
    """Every installed rule."""
    return registry().rules


@cache
def page_of(rule: Rule) -> Page:
    """A rule's page. Raises `PageError`, also if there is none."""
    path = page_path(rule)
    if path is None:
        raise PageError(1, f"{rule.module} has no page")
    return parse_page(path.read_text(encoding="utf-8"))


@cache
def examples() -> tuple[tuple[Rule, Example], ...]:
    """Every example of every page that can be read; the others fail a test of their own."""
    found: list[tuple[Rule, Example]] = []
    for rule in rules():
        with contextlib.suppress(PageError):
            found += [(rule, example) for example in page_of(rule).examples]
    return tuple(found)


def target_of(rule: Rule, block: Block) -> str:
    """The target at which an example is checked."""
    return block.target or str(rule.removed_in or rule.deprecated_in or LATEST)


@cache
def _shop() -> dict[str, str]:
    """The models that every example may use (tests/django runs them too)."""
    return {
        f"shop/{name}": (PROJECT / "shop" / name).read_text(encoding="utf-8")
        for name in ("__init__.py", "models.py")
    }


class _Project:
    """A folder with an example's files, and an engine on it."""

    def __init__(self, files: dict[str, Text], target: str) -> None:
        self.root = _folder()
        self.store = FileStore()
        for path, text in {**_shop(), **files}.items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(to_bytes(text))
        overrides = {"target_version": target, "min_confidence": "possible", "select": ("ALL",)}
        workspace = Workspace(self.store, overrides, isolated=True, base=self.root)
        self.errors: list[str] = []
        self.engine = Engine(registry(), workspace, self._failed)

    def _failed(self, rule: Rule, path: Path, error: Exception) -> None:
        self.errors.append(f"{rule.code} ({rule.slug}) raised {type(error).__name__}: {error}")

    def check(self, path: str, text: Text) -> Checked:
        """Check a text under a path. A rule that raises fails the test."""
        checked = self.engine.check(self.root / path, to_bytes(text))
        assert not self.errors, self.errors
        return checked


@cache
def _base() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="uplift-rules-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_count = 0


def _folder() -> Path:
    # Fresh each time: nothing of one example's files may be seen by another.
    global _count
    _count += 1
    folder = _base() / str(_count)
    folder.mkdir()
    return folder


def to_bytes(text: Text) -> bytes:
    """A file's bytes; a leading U+FEFF becomes the byte order mark."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def to_text(data: Text) -> str:
    """A file's text, without a byte order mark."""
    return decode(to_bytes(data)).text


def encoded_as(original: Text, text: str) -> Text:
    """`text` in the encoding of `original`, with its byte order mark."""
    return decode(original).encode(text) if isinstance(original, bytes) else text


def check(files: dict[str, Text], path: str, target: str) -> list[Seen]:
    """All findings of one file, in order of place."""
    project = _Project(files, target)
    try:
        checked = project.check(path, files[path])
        text = checked.source.text if checked.source else ""
        return _seen(text, checked.findings)
    finally:
        shutil.rmtree(project.root, ignore_errors=True)


def _seen(text: str, findings: tuple[Finding, ...]) -> list[Seen]:
    lines = Lines(text)
    return [
        Seen(
            finding.rule.code,
            *lines.position(finding.span.start),
            *lines.position(finding.span.end),
            finding.message,
            text[finding.span.start : finding.span.end],
            len(finding.fixes),
        )
        for finding in findings
    ]


def fix(
    files: dict[str, Text],
    path: str,
    target: str,
    unsafe: bool = False,
    rule: Rule | None = None,
    choice: int = 1,
) -> str:
    """One file's text after the fixes of `rule` (of all rules if None), without a byte order mark.

    Choice 1 is what ``--fix`` does. Others apply that alternative of each finding, one after the other, as an
    editor does.
    """
    project = _Project(files, target)
    try:
        data = to_bytes(files[path])
        try:
            source = decode(data)
        except DecodeError:
            return str(files[path])
        if choice == 1:
            fixed = project.engine.fix_text(
                project.root / path,
                source.text,
                unsafe=unsafe,
                only=lambda f: rule is None or f.rule.code == rule.code,
            )
            if fixed.rounds or unsafe:
                assert not project.errors, project.errors
                text = fixed.text
            else:
                # Nothing that a fix-all would make: a fix that is for display is still applied by hand.
                text = _by_hand(project, path, source.text, rule, 1, display=True)
        else:
            text = _by_hand(project, path, source.text, rule, choice)
        # It can be written back: no character that the file's encoding lacks.
        written = source.encode(text)
        assert written.startswith(codecs.BOM_UTF8) == data.startswith(codecs.BOM_UTF8)
        return text
    finally:
        shutil.rmtree(project.root, ignore_errors=True)


def _by_hand(
    project: _Project, path: str, text: str, rule: Rule | None, choice: int, *, display: bool = False
) -> str:
    """Apply one alternative of each finding; with `display` only if it is one that no fix-all makes."""
    for _ in range(50):
        checked = project.engine.check_text(project.root / path, text)
        assert not project.errors, project.errors
        for finding in checked.findings:
            if (
                (rule is not None and finding.rule.code != rule.code)
                or len(finding.fixes) < choice
                or checked.context is None
            ):
                continue
            if display and finding.fixes[choice - 1].safety is not Safety.DISPLAY:
                continue
            edits = render(checked.context, finding.fixes[choice - 1])
            if edits:
                text = apply_edits(text, edits)
                break
        else:
            return text
    raise AssertionError("the fixes of this choice never come to an end")


def files_of(example: Example) -> dict[str, Text]:
    """An example's files."""
    return dict(example.files)
