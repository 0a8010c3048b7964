"""The command in this process, on a few small rules that stay as they are whatever the real ones become."""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from django_uplift.api import Confidence, Context, Finding, Hop, Rule, Severity
from django_uplift.cli.main import main
from django_uplift.engine import registry
from django_uplift.engine.registry import Registry


class Word(Rule):
    """Reports a name, and replaces it."""

    nodes = (ast.Name,)

    def __init__(
        self,
        code: str,
        word: str,
        new: str | None = None,
        *,
        unsafe: str = "",
        display: bool = False,
        confidence: Confidence = Confidence.PROVEN,
        trace: bool = False,
        **versions: str,
    ) -> None:
        super().__init__(code, **versions)
        self.any_words = (word,)
        self.word, self.new, self.unsafe, self.display = word, new, unsafe, display
        self.confidence, self.trace = confidence, trace
        self.slug, self.family, self.module = f"{word}-word", "words", "django_uplift.api"

    def node(self, node: ast.AST, ctx: Context) -> Iterator[Finding]:
        if not isinstance(node, ast.Name) or node.id != self.word:
            return
        fix = None
        if self.new is not None:
            edit = ctx.replace(node, self.new)
            fix = ctx.fix(f"Replace with {self.new}", edit, unsafe=self.unsafe, display=self.display)
        hops = (Hop(ctx.path, 0, 0, "it starts here"), Hop(ctx.path.parent / "far.py", 4, 2, "and ends here"))
        yield self.finding(
            ctx,
            node,
            f"{self.word} {self.since(ctx.target)}: use something else",
            fix,
            confidence=self.confidence,
            trace=hops if self.trace else (),
        )


class Engine(Rule):
    """Stands for what the engine itself reports."""

    def __init__(self, code: str, slug: str) -> None:
        super().__init__(code)
        self.slug, self.family, self.module = slug, "checks", "django_uplift.api"


class Raises(Rule):
    """A rule with a mistake."""

    any_words = ("explode",)

    def file(self, ctx: Context) -> Iterator[Finding]:
        raise LookupError("a mistake")


class RaisesInFix(Word):
    """A rule whose fix has a mistake."""

    def node(self, node: ast.AST, ctx: Context) -> Iterator[Finding]:
        def build() -> None:
            raise LookupError("a mistake in a fix")

        if isinstance(node, ast.Name) and node.id == self.word:
            yield self.finding(ctx, node, "its fix fails", ctx.fix("Fail", build))


def small_rules() -> Registry:
    raises = Raises("TSW900")
    raises.slug, raises.family, raises.module = "raises", "broken", "django_uplift.api"
    return Registry(
        [
            Word("TSW001", "old", "new", deprecated_in="3.0", removed_in="4.0"),
            Word("TSW002", "risky", "sure", unsafe="may be slower", deprecated_in="4.0", removed_in="7.0"),
            Word("TSW003", "later", deprecated_in="6.1", removed_in="7.0"),
            Word("TSW004", "maybe", confidence=Confidence.POSSIBLE, deprecated_in="3.0", removed_in="4.0"),
            Word("TSW005", "deep", "x", display=True, trace=True, deprecated_in="3.0", removed_in="4.0"),
            Word("TSW006", "ascii", "ünïcode", deprecated_in="3.0", removed_in="4.0"),
            Word("TSW007", "likely", confidence=Confidence.LIKELY, deprecated_in="3.0", removed_in="4.0"),
            RaisesInFix("TSW901", "unfixable"),
            raises,
            Engine("TSX001", "syntax-error"),
            Engine("TSX002", "unreadable-file"),
            Engine("TSX003", "unused-suppression"),
        ]
    )


class Result(NamedTuple):
    """What the command came to."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "VIRTUAL_ENV"):
        monkeypatch.delenv(name, raising=False)
    if "real_rules" not in request.fixturenames:
        rules = small_rules()
        monkeypatch.setattr(registry, "load", lambda: rules)


@pytest.fixture
def real_rules() -> None:
    """Use the rules that are installed."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project for Django 5.2, which is the working directory."""
    (tmp_path / "requirements.txt").write_text("Django==5.2\n")
    (tmp_path / "manage.py").write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command: ``run("--check", "a.py", stdin=b"...")``."""

    def call(*argv: str, stdin: bytes | None = None) -> Result:
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        code = main(argv)
        sys.stdout.flush()
        out, err = capsysbinary.readouterr()
        return Result(code, out.decode("utf-8", "surrogateescape"), err.decode())

    return call


__all__ = ["Severity", "small_rules"]
