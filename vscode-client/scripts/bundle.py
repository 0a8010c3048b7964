"""Puts the server and the packages it needs into bundled/libs: ``python scripts/bundle.py``.

Only what is pure Python goes in, so that one extension serves every platform and Python 3.10 to 3.13. libcst is
compiled for each of them, 2 MB apiece: it stays out, and the script proves that the server checks and fixes
without it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

CLIENT = Path(__file__).resolve().parents[1]
ROOT = CLIENT.parent
LIBS = CLIENT / "bundled/libs"
OLDEST = "3.10"

# Compiled dependencies of the wheel. They are taken from the interpreter's environment where it has them.
COMPILED = ("libcst",)
# What older Pythons need besides: pip reads markers as for the Python that it runs on.
FOR_OLDER = ("exceptiongroup", "tomli")

# Left out: commands, and jedi's stubs of 150 packages that have no part in Django. Those of the standard library and
# of Django stay: without them jedi knows neither `str.format` nor `Model.objects`.
UNUSED = (
    "bin",
    "jedi/third_party/typeshed/stubs",
)


def main() -> int:
    """Build, install, prune and prove."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--python", default=sys.executable, help="the Python that builds the wheel (needs build)"
    )
    options = parser.parse_args()
    shutil.rmtree(LIBS, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        wheel = build(options.python, Path(temporary))
        install(options.python, wheel)
    prune()
    prove(options.python)
    files = [path for path in LIBS.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    print(f"bundled/libs: {len(files)} files, {size / 1e6:.1f} MB")
    print(f"without {', '.join(COMPILED)}: compiled for each platform and Python")
    return 0


def build(python: str, folder: Path) -> Path:
    """Our wheel."""
    command = [python, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    if subprocess.run([python, "-c", "import hatchling"], capture_output=True).returncode == 0:
        command.insert(4, "--no-isolation")
    run(command)
    return next(folder.glob("*.whl"))


def install(python: str, wheel: Path) -> None:
    """The wheel, and those of its dependencies that any Python can use."""
    run(pip(python, "--no-deps", str(wheel)))
    for_any = ["--only-binary=:all:", "--implementation=py", "--abi=none", "--platform=any"]
    run(pip(python, f"--python-version={OLDEST}", *for_any, *dependencies(), *FOR_OLDER))


def pip(python: str, *arguments: str) -> list[str]:
    """The command that installs into the bundle."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-compile"]
    return [python, "-m", "pip", "install", *quiet, "--target", str(LIBS), *arguments]


def dependencies() -> Iterator[str]:
    """What the wheel requires, markers taken out: the bundle is for all Pythons, so it holds tomli too."""
    metadata = next(LIBS.glob("django_uplift-*.dist-info/METADATA")).read_text("utf-8")
    for line in metadata.splitlines():
        if line.startswith("Requires-Dist: "):
            requirement = line.removeprefix("Requires-Dist: ").partition(";")[0].strip()
            if not requirement.startswith(COMPILED):
                yield requirement


def prune() -> None:
    """Take out what the server never reads. Licences and entry points stay."""
    for name in UNUSED:
        shutil.rmtree(LIBS / name, ignore_errors=True)
    for path in [*LIBS.rglob("__pycache__"), *LIBS.rglob("tests")]:
        shutil.rmtree(path, ignore_errors=True)
    for path in LIBS.glob("*.dist-info/*"):
        kept = ("METADATA", "entry_points.txt", "licenses", "LICENSE")
        if path.is_file() and not path.name.upper().startswith(tuple(name.upper() for name in kept)):
            path.unlink()
    compiled = [path for path in LIBS.rglob("*") if path.suffix in (".so", ".pyd", ".dylib")]
    if compiled:
        raise SystemExit(f"not pure Python: {', '.join(map(str, compiled))}")


DEMO = """\
import json
from django.utils.encoding import force_text
from django.utils.translation import ugettext as _
from django.conf.urls import url
async def view(request):
    order = Order.objects.get(pk=1)
    return force_text(order), _("x"), url("^$", view)
"""


def prove(python: str) -> None:
    """Check and fix a file with nothing but the bundle on the path."""
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary, "app.py")
        file.write_text(DEMO)
        start = (
            f"import sys; sys.path[:0] = [{str(LIBS)!r}]; sys.dont_write_bytecode = True; "
            "from django_uplift.cli.main import main; "
        )
        arguments = [str(file), "--target-version", "5.2", "--output-format", "json"]
        # -S: no site-packages, so that nothing of this environment helps.
        told = subprocess.run(
            [python, "-I", "-S", "-c", f"{start} sys.exit(main({['--check', *arguments]!r}))"],
            capture_output=True, text=True, cwd=temporary,
        )  # fmt: skip
        if told.returncode != 1:
            raise SystemExit(f"the bundled server can't check a file:\n{told.stderr}")
        slugs = {finding["slug"] for finding in json.loads(told.stdout)}
        if not {"force-text", "ugettext"} <= slugs:
            raise SystemExit(f"the bundled server misses findings: it told {sorted(slugs)}")
        fixed = subprocess.run(
            [python, "-I", "-S", "-c", f"{start} sys.exit(main({['--fix', *arguments[:3]]!r}))"],
            capture_output=True, text=True, cwd=temporary,
        )  # fmt: skip
        if fixed.returncode not in (0, 1) or "force_str" not in file.read_text():
            raise SystemExit(f"the bundled server can't fix a file:\n{fixed.stderr}")


def run(command: Sequence[str]) -> None:
    """Run a command, and stop with its words if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PIP_NO_INPUT": "1"})
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    raise SystemExit(main())
