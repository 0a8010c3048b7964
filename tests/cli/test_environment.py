from pathlib import Path
from typing import Any

import pytest


def test_the_active_environment_tells_the_installed_django(
    run: Any, folder: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = tmp_path_factory.mktemp("environment")
    metadata = environment / "lib/python3.12/site-packages/django-4.1.dist-info/METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Version: 4.1\n")
    (folder / "a.py").write_text("")
    monkeypatch.setenv("VIRTUAL_ENV", str(environment))
    assert "Django 5.2 (requirements.txt" in run("--check", "--verbose").err, "what is declared wins"
    (folder / "requirements.txt").unlink()
    assert "Django 4.1 (installed in " in run("--check", "--verbose").err
    monkeypatch.setenv("VIRTUAL_ENV", "")
    assert "nothing declares Django" in run("--check", "--verbose").err
