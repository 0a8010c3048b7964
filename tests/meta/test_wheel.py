"""The wheel: what is in it, and that it works alone."""

from __future__ import annotations

import json
import os
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]
ROOT = Path(__file__).parents[2]
SOURCES = ((ROOT / "server", "django_uplift"), (ROOT / "rules", "django_uplift_rules"))
ALONE = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def test_what_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        path.relative_to(root).as_posix()
        for root, package in SOURCES
        for path in (root / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and (root / package / "dev") not in path.parents
    }
    assert names == expected
    assert {"django_uplift/py.typed", "django_uplift_rules/py.typed"} <= names
    assert {
        "django_uplift/report/plan.schema.json",
        "django_uplift/report/plans/plan.css",
        "django_uplift/django/packages.txt",
    } <= names
    assert {"django_uplift/report/check.schema.json", "django_uplift/project/config.schema.json"} <= names
    assert any(name.startswith("django_uplift_rules/") and name.endswith(".md") for name in names)


@pytest.fixture(scope="module")
def command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("alone")
    venv.create(folder, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, str(wheel)], env=ALONE, check=True)
    return folder / "bin" / "django-uplift"


def test_it_checks_alone(command: Path) -> None:
    done = subprocess.run(
        [str(command), "--check", "--output-format", "json"],
        cwd=ROOT / "tests" / "demo", env=ALONE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 1
    assert {finding["slug"] for finding in json.loads(done.stdout)} >= {"force-text"}


def test_it_serves_alone(command: Path, tmp_path: Path) -> None:
    body = json.dumps(
        {"jsonrpc": "2.0", "id": 1, "method": "initialize",
         "params": {"processId": None, "rootUri": tmp_path.as_uri(), "capabilities": {}}}
    ).encode()  # fmt: skip
    process = subprocess.Popen(
        [str(command), "--stdio"], env=ALONE, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        process.stdin.flush()
        length = 0
        while line := process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        answer = json.loads(process.stdout.read(length))
    finally:
        process.kill()
        process.communicate()
    assert answer["id"] == 1
    assert answer["result"]["serverInfo"]["name"] == "django-uplift"
    assert "codeActionProvider" in answer["result"]["capabilities"]
