"""A small project on the disk, and an engine for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from django_uplift.engine.registry import Registry
from django_uplift.engine.rule import Rule
from django_uplift.engine.run import Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Engine]:
    """Writes files and gives an engine with some rules."""

    def make(
        rules: list[Rule], files: dict[str, str] | None = None, target: str = "5.2", **options
    ) -> Engine:
        for name, text in {"pyproject.toml": "", **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        for index, rule in enumerate(rules):
            rule.slug = rule.slug or f"rule-{index}"
            rule.family = rule.family or "test"
            rule.module = rule.module or f"tests.rule_{index}"
        workspace = Workspace(FileStore(), {"target_version": target, **options})
        return Engine(Registry(rules), workspace)

    return make
