"""Every supported Python on this machine runs a check, from the wheel, in an environment of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]
ROOT = Path(__file__).parents[2]
SUPPORTED = re.findall(r"Python :: (3\.\d+)\"", (ROOT / "pyproject.toml").read_text("utf-8"))


def _candidates(version: str) -> list[str]:
    """Interpreters that may be this Python: on the path, and those that pyenv keeps."""
    found = [path for path in (shutil.which(f"python{version}"), shutil.which("python3")) if path]
    if pyenv := shutil.which("pyenv"):
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False).stdout.strip()
        found += map(str, sorted(Path(root, "versions").glob(f"{version}.*/bin/python")))
    return found


def _interpreter(version: str) -> str | None:
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    for candidate in _candidates(version):
        # A pyenv shim exists for versions that are not switched on, and then only complains.
        done = subprocess.run([candidate, "-c", program], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip() == version:
            return candidate
    return None


def test_the_supported_versions_are_stated() -> None:
    assert SUPPORTED == ["3.10", "3.11", "3.12", "3.13"]


@pytest.mark.parametrize("version", SUPPORTED)
def test_a_check(version: str, wheel: Path) -> None:
    interpreter = _interpreter(version)
    if interpreter is None:
        pytest.skip(f"no Python {version} here")
    folder = ROOT / ".cache" / "python" / version
    python = folder / "bin" / "python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not (folder / "ready").exists():
        subprocess.run([interpreter, "-m", "venv", "--clear", str(folder)], check=True)
        subprocess.run([*pip, str(wheel)], check=True)
        (folder / "ready").touch()
    # The dependencies stay from run to run, the wheel is of this one.
    subprocess.run([*pip, "--force-reinstall", "--no-deps", str(wheel)], check=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(python), "-W", "error", "-m", "django_uplift", "--check", "--output-format", "json"],
        cwd=ROOT / "tests" / "demo", env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 1
    assert {finding["slug"] for finding in json.loads(done.stdout)} >= {"force-text"}
