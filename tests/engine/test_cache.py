"""Findings from an earlier run: the same as those of a fresh one, whatever has changed, or none at all."""

from __future__ import annotations

import json
import random
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from django_uplift.engine import cache as findings_cache
from django_uplift.engine import registry as rules
from django_uplift.engine import run as engine_run
from django_uplift.engine.findings import Finding
from django_uplift.engine.run import Checked, Engine, Project
from django_uplift.project.files import FileStore, digest
from django_uplift.project.workspace import Workspace

MODELS = """\
from django.db import models
from django.utils.encoding import force_text


class Author(models.Model):
    name = models.CharField(max_length=10)


class Book(models.Model):
    author = models.ForeignKey(Author, models.CASCADE, related_name="books")
    title = models.NullBooleanField()
"""
HELPERS = """\
from .models import Book


def count():
    return Book.objects.count()


def first():
    return 1
"""
VIEWS = """\
from .helpers import count, first


async def index(request):
    return count()


async def other(request):
    first()
    return force_text("")  # noqa: DUR4001
"""
EXPORTS = "from django.dispatch import Signal\n"
USER = "from .exports import Signal\n\nshipped = Signal(providing_args=['a'])\n"
QUIET = "def nothing():\n    return 1\n"
URLS = "from django.conf.urls import url\n\nurlpatterns = [url('x', None)]\n"

FILES = {
    "pyproject.toml": "[tool.django-uplift]\ntarget-version = '5.2'\n",
    "shop/__init__.py": "",
    "shop/models.py": MODELS,
    "shop/helpers.py": HELPERS,
    "shop/views.py": VIEWS,
    "shop/exports.py": EXPORTS,
    "shop/user.py": USER,
    "shop/quiet.py": QUIET,
    "shop/urls.py": URLS,
}
# Each changes what other files' findings are, or looks as if it did.
EDITS: list[tuple[str, str | None]] = [
    ("shop/helpers.py", HELPERS.replace("return 1", "return list(Book.objects.all())")),
    ("shop/helpers.py", HELPERS.replace("Book.objects.count()", "2")),
    ("shop/helpers.py", HELPERS),
    ("shop/helpers.py", None),
    ("shop/helpers/__init__.py", HELPERS.replace("from .models", "from ..models")),
    ("shop/helpers/__init__.py", None),
    ("shop/models.py", MODELS.replace("models.Model", "object")),
    ("shop/models.py", MODELS),
    ("shop/models.py", "class Author(:\n"),
    ("shop/exports.py", EXPORTS),
    ("shop/exports.py", "from elsewhere import Signal\n"),
    ("shop/exports.py", None),
    ("shop/quiet.py", QUIET),
    ("shop/quiet.py", "def broken(:\n"),
    ("shop/quiet.py", "from .helpers import first\n\n\nasync def caller():\n    first()\n"),
    ("shop/quiet.py", "# django-uplift: ignore[DUR4001]\n" + URLS),
    ("shop/views.py", VIEWS),
    ("shop/views.py", VIEWS.replace("async def index", "def index")),
    ("shop/views.py", VIEWS.replace("return count()", "for a in __import__('x'):\n        count()")),
    ("shop/urls.py", URLS.replace("django.conf.urls", "shop.fallback")),
    ("shop/urls.py", URLS),
    ("shop/fallback.py", "from django.conf.urls import url\n"),
    ("shop/fallback.py", None),
    (".gitignore", "helpers.py\n"),
    (".gitignore", None),
    ("pyproject.toml", FILES["pyproject.toml"].replace("5.2", "3.2")),
    ("pyproject.toml", FILES["pyproject.toml"] + "[tool.django-uplift.severity]\nDUR4001 = 'hint'\n"),
    ("pyproject.toml", FILES["pyproject.toml"]),
    (".venv/pyvenv.cfg", "home = /nowhere\n"),
    (".venv/lib/python3.12/site-packages/kit/__init__.py", EXPORTS),
    ("shop/user.py", USER.replace(".exports", "kit")),
    ("shop/user.py", USER),
]

Told = tuple[object, ...]


def told(finding: Finding) -> Told:
    return (
        finding.rule.code,
        finding.span,
        finding.message,
        finding.severity,
        finding.confidence,
        [(fix.title, fix.safety, fix.reason) for fix in finding.fixes],
        finding.trace,
        finding.root,
        finding.uses,
        finding.deprecated,
        finding.gone_in,
    )


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DJANGO_UPLIFT_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "findings"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        write(tmp_path / "project", name, text)
    return tmp_path / "project"


def write(root: Path, name: str, text: str | None) -> None:
    place = root / name
    if text is None:
        place.unlink(missing_ok=True)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")


def check(
    root: Path, *, remembers: bool = True, only: Callable[[Path], bool] = lambda _: True
) -> dict[str, Checked]:
    """One run, of a process that knows nothing but what is on the disk."""
    engine = Engine(rules.load(), Workspace(FileStore(), None, base=root), remembers=remembers)
    paths = sorted(path for path in root.rglob("*.py") if ".venv" not in path.parts and only(path))
    engine.expect(len(paths))
    found = {path.relative_to(root).as_posix(): engine.check(path) for path in paths}
    engine.save()
    return found


def all_told(found: dict[str, Checked]) -> dict[str, list[Told]]:
    return {name: [told(finding) for finding in checked.findings] for name, checked in found.items()}


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are really checked."""
    seen: list[Path] = []
    real = Engine._check

    def spy(self: Engine, project: Project, path: Path, data: bytes, interrupt: object = None) -> Checked:
        seen.append(path)
        return real(self, project, path, data, None)

    monkeypatch.setattr(Engine, "_check", spy)
    return seen


def test_a_second_run_parses_nothing_and_finds_the_same(
    root: Path, parsed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = all_told(check(root, remembers=False))
    assert fresh["shop/views.py"], "a finding that comes from another file"
    assert fresh["shop/user.py"], "a finding through a re-export"
    assert all_told(check(root)) == fresh
    parsed.clear()

    def never(*_: object) -> None:
        raise AssertionError("something was parsed")

    monkeypatch.setattr("ast.parse", never)
    monkeypatch.setattr(engine_run, "parse", never)
    assert all_told(check(root)) == fresh
    assert parsed == []


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_edited_a_remembered_run_equals_a_fresh_one(root: Path, seed: int) -> None:
    chance = random.Random(seed)
    for step in range(12):
        write_safely(root, *chance.choice(EDITS))
        part = chance.random() < 0.3
        wanted = {name for name in FILES if chance.random() < 0.5}

        def only(path: Path, part: bool = part, wanted: set[str] = wanted) -> bool:
            return not part or path.relative_to(root).as_posix() in wanted

        fresh = check(root, remembers=False, only=only)
        known = check(root, only=only)
        assert all_told(known) == all_told(fresh), step
        assert [c.problem for c in known.values()] == [c.problem for c in fresh.values()]


def write_safely(root: Path, name: str, text: str | None) -> None:
    place = root / name
    if place.parent.is_file():
        place.parent.unlink()
    write(root, name, text)
    if text is None and place.name == "__init__.py" and place.parent.name == "helpers":
        shutil.rmtree(place.parent, ignore_errors=True)


def test_an_edit_that_concerns_nobody_else_costs_that_file_alone(root: Path, parsed: list[Path]) -> None:
    write(root, "shop/views.py", "")
    check(root)
    parsed.clear()
    write(root, "shop/quiet.py", QUIET + "\n# more\n")
    check(root)
    assert parsed == [root / "shop/quiet.py"]


def test_a_file_that_appears_where_one_was_looked_for_counts(root: Path) -> None:
    write(root, "shop/exports.py", None)
    assert not check(root)["shop/user.py"].findings
    write(root, "shop/exports.py", EXPORTS)
    assert check(root)["shop/user.py"].findings


def test_the_edits_of_a_remembered_fix_are_made_afresh(root: Path) -> None:
    check(root)
    [fresh] = check(root, remembers=False)["shop/urls.py"].findings[:1]
    [known] = check(root)["shop/urls.py"].findings[:1]
    change, again = fresh.fixes[0].build(), known.fixes[0].build()
    assert change is not None
    assert again is not None
    assert again.edits == change.edits
    write(root, "shop/urls.py", "")
    [known] = [known]
    assert known.fixes[0].build() is None


def entries(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json"))


def sealed(data: object) -> bytes:
    body = json.dumps(data).encode()
    return digest(body).encode() + b"\n" + body


def forged(finding: list[object]) -> Callable[[bytes], bytes]:
    def forge(data: bytes) -> bytes:
        seen, results = json.loads(data.partition(b"\n")[2])
        for entry in results.values():
            if entry[2] is not None:
                entry[2] = [finding]
        return sealed([seen, results])

    return forge


WELL = ["DUR4001", 0, 1, "no", 2, 3, [], [], None, [], False, None]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"DUR", b"DUA"),
        lambda data: data[:-1] + b"\xff",
        lambda _: sealed(None),
        lambda _: sealed([[], []]),
        lambda _: sealed([{}, {"a": ["x", 1, None]}]),
        lambda _: sealed([{"r/etc/passwd": 3}, {}]),
        lambda _: digest(b"[" * 200_000).encode() + b"\n" + b"[" * 200_000,
        forged([]),
        forged(["DUX999", *WELL[1:]]),
        forged([*WELL[:1], -5, *WELL[2:]]),
        forged([*WELL[:2], 10**9, *WELL[3:]]),
        forged([*WELL[:3], {"a": 1}, *WELL[4:]]),
        forged([*WELL[:4], 99, *WELL[5:]]),
        forged([*WELL[:6], [["t", "eval", ""]], *WELL[7:]]),
        forged([*WELL[:7], [[1, 2, 3, 4]], *WELL[8:]]),
        forged([*WELL[:8], 7, *WELL[9:]]),
        forged([*WELL[:11], "not a release"]),
    ],
)
def test_a_damaged_cache_is_none(
    root: Path, folder: Path, damage: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    fresh = all_told(check(root))
    [place] = entries(folder)
    place.write_bytes(damage(place.read_bytes()))
    assert all_told(check(root)) == fresh
    assert len([record for record in caplog.records if "can't be used" in record.message]) == 1
    caplog.clear()
    assert all_told(check(root)) == fresh
    assert not caplog.records, "it is whole again"


def test_another_version_of_ours_has_its_own(
    root: Path, folder: Path, parsed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    check(root)
    parsed.clear()
    monkeypatch.setattr(findings_cache, "__version__", "0.0.1")
    check(root)
    assert parsed
    assert len(entries(folder)) == 2


def test_other_rules_have_their_own(root: Path, parsed: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    check(root)
    parsed.clear()
    state = list(findings_cache._state_of_ourselves(rules.load()))
    assert any(path.endswith("force_text.py") for path, _, _ in state)
    monkeypatch.setattr(findings_cache, "_state_of_ourselves", lambda _: [*state, ("new_rule.py", 1, 1)])
    check(root)
    assert parsed


def test_a_rule_that_fails_is_asked_again(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> bool:
        raise RuntimeError("a rule's mistake")

    for rule in rules.load().rules:
        if rule.slug == "force-text":
            monkeypatch.setattr(type(rule.load()), "reference", fail)
    check(root)
    assert entries(folder) == []


def test_what_changes_during_a_run_misleads_nobody(root: Path) -> None:
    for late in ("", HELPERS.replace("Book.objects.count()", "2")):
        write(root, "shop/helpers.py", HELPERS)
        engine = Engine(rules.load(), Workspace(FileStore(), None, base=root), remembers=True)
        engine.check(root / "shop/views.py")
        write(root, "shop/helpers.py", late)
        for path in sorted(root.rglob("*.py")):
            engine.check(path)
        engine.save()
        for text in (late, HELPERS):
            write(root, "shop/helpers.py", text)
            assert all_told(check(root)) == all_told(check(root, remembers=False))


def test_a_folder_that_cannot_be_written_costs_nothing(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = all_told(check(root, remembers=False))
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DJANGO_UPLIFT_CACHE_DIR", str(tmp_path / "file"))
    assert all_told(check(root)) == fresh

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("DJANGO_UPLIFT_CACHE_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setattr(findings_cache, "write_atomic", full)
    assert all_told(check(root)) == fresh


def test_nothing_is_read_from_or_written_to_the_project(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(root.rglob("*"))
    monkeypatch.chdir(root)
    monkeypatch.setenv("DJANGO_UPLIFT_CACHE_DIR", ".cache")
    check(root)
    assert sorted(root.rglob("*")) == before


def test_runs_at_the_same_time_leave_a_whole_cache(root: Path, folder: Path, parsed: list[Path]) -> None:
    fresh = all_told(check(root, remembers=False))
    found: list[dict[str, list[Told]]] = []
    threads = [threading.Thread(target=lambda: found.append(all_told(check(root)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [fresh] * 4
    assert len(entries(folder)) == len(list(folder.iterdir())) == 1
    parsed.clear()
    assert all_told(check(root)) == fresh
    assert parsed == []


def test_old_entries_go(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings_cache, "_MAX_FILES", 2)
    for target in ("3.2", "4.2", "5.1", "5.2"):
        write(root, "pyproject.toml", FILES["pyproject.toml"].replace("5.2", target))
        check(root)
    assert len(entries(folder)) == 2


def test_a_budget_that_ran_out_is_not_remembered(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root, ".venv/pyvenv.cfg", "home = /nowhere\n")
    write(
        root,
        ".venv/lib/python3.12/site-packages/kit/__init__.py",
        "import django\n\n\ndef get():\n    pass\n",
    )
    write(root, "shop/views.py", "from kit import get\n\n\nasync def view(request):\n    get()\n")
    check(root)
    assert len(entries(folder)) == 1
    entries(folder)[0].unlink()
    monkeypatch.setattr("django_uplift.types.program._MAX_ALL_INSTALLED", 0)
    check(root)
    assert entries(folder) == []
