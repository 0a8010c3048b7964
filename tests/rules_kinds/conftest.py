"""A project in a folder of its own, checked and fixed with one rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from django_uplift.engine.registry import Registry
from django_uplift.engine.rule import Rule
from django_uplift.engine.run import Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace


class Result(NamedTuple):
    """What a rule reports of a file, with its confidence, and the text with all fixes made."""

    found: list[tuple[str, str]]
    messages: list[str]
    fixed: str


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Check a text with a rule; `files` stand around it."""

    def run(
        rule: Rule,
        text: str,
        target: str = "6.1",
        path: str = "shop/views.py",
        files: dict[str, str] | None = None,
    ) -> Result:
        rule.slug, rule.family, rule.module = rule.slug or "the-rule", "upgrade", "tests.the_rule"
        for name, content in {"pyproject.toml": "", **(files or {}), path: text}.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8", newline="")
        errors: list[Exception] = []
        options = {"target_version": target, "min_confidence": "possible"}
        engine = Engine(
            Registry([rule]), Workspace(FileStore(), options), lambda rule, path, error: errors.append(error)
        )
        findings = engine.check(tmp_path / path).findings
        found = [(text[f.span.start : f.span.end], str(f.confidence)) for f in findings]
        fixed = engine.fix_text(tmp_path / path, text, unsafe=True).text
        assert not errors
        return Result(found, [f.message for f in findings], fixed)

    return run
