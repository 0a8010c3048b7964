# A table is read by its rows.
# ruff: noqa: E501
import re
from pathlib import Path

import pytest

from django_uplift.django.releases import Release
from django_uplift.django.target import Target, detect, from_release, lowest_release
from django_uplift.project.config import ConfigError, Settings, override
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace

Files = dict[str, str | bytes]


def write(root: Path, files: Files) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def project(*dependencies: str) -> str:
    return f"[project]\nname = 'x'\ndependencies = {list(dependencies)!r}\n"


UV = '[[package]]\nname = "django-filter"\nversion = "1"\n\n[[package]]\nname = "django"\nversion = "5.1.4"\n'
PDM = '[metadata]\n\n[[package]]\nname = "Django"\nversion = "4.1.2"\nrequires_python = ">=3.8"\n'

# What a project holds, the release that must be found, and words that its origin must say.
ROWS: dict[str, tuple[Files, str, str]] = {
    "PEP 621": ({"pyproject.toml": project("Django>=4.2,<5")}, "4.2", "pyproject.toml: [project] dependencies, 'Django>=4.2,<5'"),
    "PEP 621 wildcard": ({"pyproject.toml": project("requests", "django==4.2.*")}, "4.2", "django==4.2.*"),
    "PEP 621 compatible": ({"pyproject.toml": project("django ~= 3.2")}, "3.2", "'django ~= 3.2'"),
    "compatible patch": ({"pyproject.toml": project("django~=5.0.3")}, "5.0", ""),
    "extras and marker": ({"pyproject.toml": project("Django[argon2] >= 5.0 ; python_version >= '3.10'")}, "5.0", ""),
    "parentheses": ({"pyproject.toml": project("django (>=4.1)")}, "4.1", ""),
    "one line for each Python": (
        {"pyproject.toml": project("django>=5.2; python_version>='3.12'", "django>=4.2,<5; python_version<'3.12'")},
        "4.2",
        "<5",
    ),
    "not another package": ({"pyproject.toml": project("django-filter>=2.2", "djangorestframework==3.1")}, "6.1", "nothing"),
    "optional": ({"pyproject.toml": "[project.optional-dependencies]\nweb = ['Django>=3.1']\n"}, "3.1", "optional-dependencies"),
    "Poetry caret": ({"pyproject.toml": "[tool.poetry.dependencies]\nDjango = '^4.1.3'\n"}, "4.1", "Django"),
    "Poetry caret zero": ({"pyproject.toml": "[tool.poetry.dependencies]\ndjango = '^5'\n"}, "5.0", "[tool.poetry.dependencies]"),
    "Poetry tilde": ({"pyproject.toml": "[tool.poetry.dependencies]\ndjango = '~3.2'\n"}, "3.2", ""),
    "Poetry wildcard": ({"pyproject.toml": "[tool.poetry.dependencies]\ndjango = '5.1.*'\n"}, "5.1", ""),
    "Poetry bare": ({"pyproject.toml": "[tool.poetry.dependencies]\ndjango = '4.0.2'\n"}, "4.0", ""),
    "Poetry spaces": ({"pyproject.toml": "[tool.poetry.dependencies]\ndjango = '>=4.0 <5.0'\n"}, "4.0", ""),
    "Poetry either": ({"pyproject.toml": "[tool.poetry.dependencies]\ndjango = '^5.0 || ^4.2'\n"}, "4.2", ""),
    "Poetry table": (
        {"pyproject.toml": "[tool.poetry.dependencies]\ndjango = {version = '^4.2', extras = ['bcrypt']}\n"}, "4.2", ""
    ),
    "Poetry several": (
        {"pyproject.toml": "[[tool.poetry.dependencies.django]]\nversion = '^5.2'\n[[tool.poetry.dependencies.django]]\nversion = '^3.2'\n"},
        "3.2",
        "",
    ),
    "Poetry group": ({"pyproject.toml": "[tool.poetry.group.web.dependencies]\ndjango = '^5.1'\n"}, "5.1", "group.web"),
    "Poetry git": ({"pyproject.toml": "[tool.poetry.dependencies]\ndjango = {git = 'https://x/d.git', tag = '4.1.7'}\n"}, "4.1", ""),
    "PEP 735": (
        {"pyproject.toml": "[dependency-groups]\nall = [{include-group = 'web'}]\nweb = ['django>=5.2']\n"},
        "5.2",
        "[dependency-groups]",
    ),
    "PDM": ({"pyproject.toml": "[tool.pdm.dev-dependencies]\ntest = ['django>=4.0']\n"}, "4.0", "pdm"),
    "pixi": ({"pyproject.toml": "[tool.pixi.pypi-dependencies]\nDjango = '>=4.1,<5'\n"}, "4.1", "pixi"),
    "uv": ({"pyproject.toml": "[tool.uv]\ndev-dependencies = ['django>=4.1']\n"}, "4.1", "[tool.uv]"),
    "byte order mark": ({"pyproject.toml": b"\xef\xbb\xbf" + project("django>=4.1").encode()}, "4.1", ""),
    "main before groups": (
        {"pyproject.toml": project("django>=5.2") + "[dependency-groups]\nold = ['django==3.2']\n"}, "5.2", "[project]"
    ),
    "unconstrained goes on to the lock": ({"pyproject.toml": project("Django"), "uv.lock": UV}, "5.1", "uv.lock, 'django 5.1.4'"),
    "poetry.lock": ({"poetry.lock": UV.replace("5.1.4", "4.0.1")}, "4.0", "poetry.lock"),
    "pdm.lock": ({"pdm.lock": PDM}, "4.1", "pdm.lock, 'Django 4.1.2'"),
    "pylock": ({"pylock.toml": 'lock-version = "1.0"\n[[packages]]\nname = "django"\nversion = "5.2.1"\n'}, "5.2", "pylock.toml"),
    "lock with forks": ({"uv.lock": UV + UV.replace("5.1.4", "4.2.20")}, "4.2", "4.2.20"),
    "Pipfile.lock": ({"Pipfile.lock": '{"_meta": {}, "default": {"django": {"version": "==3.1.4"}}}'}, "3.1", "Pipfile.lock"),
    "Pipfile": ({"Pipfile": "[packages]\nDjango = '~=4.1'\n"}, "4.1", "Pipfile: [packages]"),
    "Pipfile star": ({"Pipfile": "[packages]\ndjango = '*'\n", "requirements.txt": "django==3.0"}, "3.0", "requirements.txt"),
    "requirements pin": ({"requirements.txt": "# Web\nDjango==4.2.11  # LTS\n"}, "4.2", "requirements.txt, 'Django==4.2.11'"),
    "requirements in": ({"requirements.in": "django>=3.2,<4"}, "3.2", "requirements.in"),
    "requirements folder": ({"requirements/dev.txt": "django>=5.2", "requirements/base.txt": "django>=4.1"}, "4.1", "base.txt"),
    "requirements included": (
        {"requirements.txt": "-r deploy/web.pip\n", "deploy/web.pip": "-rcommon.pip", "deploy/common.pip": "django<4.3"},
        "4.2",
        "deploy/common.pip",
    ),
    "requirements cycle": ({"requirements.txt": "-r a.txt\ndjango==3.1", "a.txt": "--requirement=requirements.txt"}, "3.1", ""),
    "constraints": ({"requirements.txt": "Django\n-c constraints.txt", "constraints.txt": "django==5.0.2"}, "5.0", "constraints.txt"),
    "hashes": ({"requirements.txt": "django==5.1.2 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n"}, "5.1", "'django==5.1.2'"),
    "UTF-16": ({"requirements.txt": "a==1\r\nDjango==3.2.5\r\n".encode("utf-16")}, "3.2", ""),
    "UTF-16 without ASCII cousin": ({"requirements.txt": b"\xfe\xff" + "django==4.0".encode("utf-16-be")}, "4.0", ""),
    "wheel URL": ({"requirements.txt": "https://x/Django-4.0.4-py3-none-any.whl#sha256=0"}, "4.0", ""),
    "named URL": ({"requirements.txt": "django @ https://x/archive/refs/tags/5.0.1.tar.gz ; python_version > '3'"}, "5.0", ""),
    "editable": ({"requirements.txt": "-e git+https://github.com/django/django.git@stable/4.1.x#egg=Django"}, "4.1", ""),
    "bad lines": ({"requirements.txt": "django=>3\n???\n\0\n-r\n-r missing.txt\ndjango ==4.1"}, "4.1", ""),
    "marker nested beyond reason": ({"requirements.txt": "django>=3.2; " + "(" * 9999 + "\ndjango==4.1"}, "4.1", ""),
    "two spellings": ({"requirements.txt": "DJANGO>=4.0"}, "4.0", ""),
    "setup.cfg": ({"setup.cfg": "[options]\nzip_safe = no\ninstall_requires =\n    six\n    Django >=3.2  # old\n"}, "3.2", "install_requires"),
    "setup.cfg elsewhere": ({"setup.cfg": "[tool]\ninstall_requires =\n    Django>=3.2\n"}, "6.1", "nothing"),
    "setup.py": ({"setup.py": "from setuptools import setup\nsetup(install_requires=['Django>=2.2'])"}, "2.2", "setup.py"),
    "setup.py by name": (
        {"setup.py": "import setuptools as s\nBASE = ['six']\nALL = BASE + ['django>=3.1,<4']\nkw = dict(install_requires=ALL)\ns.setup(**kw)"},
        "3.1",
        "",
    ),
    "setup.py that turns in circles": (
        {"setup.py": "kw = dict(**kw)\nA = A + B\nB = ['django>=4.0'] + A\nsetup(**kw, install_requires=A)"}, "4.0", ""
    ),
    "setup.py is never run": ({"setup.py": "raise SystemExit\nsetup(install_requires='django>=3.0')"}, "3.0", ""),
    "installed": ({".venv/lib/python3.12/site-packages/django-5.0.7.dist-info/METADATA": "Name: Django\nVersion: 5.0.7\n"}, "5.0", "installed in .venv"),
    "installed on Windows": ({"env/Lib/site-packages/Django-2.2.dist-info/METADATA": "Name: Django\nVersion: 2.2\n\nVersion: 9"}, "2.2", ""),
    "environment of another name": (
        {"my/pyvenv.cfg": "", "my/lib/python3.9/site-packages/Django-4.0.dist-info/METADATA": "Version: 4.0\n"}, "4.0", "my"
    ),
    "declared wins over installed": (
        {
            "requirements.txt": "django>=4.2",
            ".venv/lib/python3.12/site-packages/django-5.0.7.dist-info/METADATA": "Version: 5.0.7\n",
        },
        "4.2",
        "requirements.txt",
    ),
    "invalid pyproject": ({"pyproject.toml": "[project\ndjango", "requirements.txt": "django==4.0"}, "4.0", "requirements.txt"),
    "folder of manage.py": ({"backend/manage.py": "", "backend/requirements.txt": "django==4.1.1"}, "4.1", "backend/requirements.txt"),
    "nothing": ({"models.py": "import django"}, "6.1", "nothing declares Django: assuming the latest release"),
    "dynamic": (
        {"pyproject.toml": "[tool.setuptools.dynamic]\ndependencies = {file = ['deps/django.txt']}", "deps/django.txt": "django>=3.2"},
        "3.2",
        "deps/django.txt",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "release", "origin"), ROWS.values(), ids=list(ROWS))
def test_detect(tmp_path: Path, files: Files, release: str, origin: str) -> None:
    write(tmp_path, files)
    target = detect(Settings(tmp_path), FileStore())
    assert (str(target.release), origin) == (release, origin if origin in target.origin else target.origin)


@pytest.mark.parametrize(
    ("specifier", "release"),
    [
        ("", None),
        ("!=4.0", None),
        (">=4.2", "4.2"),
        (">=4.2.5,<6", "4.2"),
        (">4.2", "4.2"),
        (">=3.2,!=4.0.*,!=3.2.*", "4.1"),
        (">=3,!=3.0", "3.0"),
        ("<5.0", "4.2"),
        ("<=4.1", "4.1"),
        ("<6", "5.2"),
        ("<7", "6.1"),
        ("<1.5,>=1.4", "1.4"),
        ("==4.2.*", "4.2"),
        ("==4.2.11", "4.2"),
        ("===4.2.11", "4.2"),
        ("~=4.2", "4.2"),
        ("~=4.2.3", "4.2"),
        ("==5.*", "5.0"),
        (">=5.0a1", "5.0"),
        ("==5.2b1", "5.2"),
        ("<5.0a1", "4.2"),
        (">=1.2", "1.4"),
        ("==1.3.7", "1.4"),
        ("<1.4", "1.4"),
        (">=7.0", "7.0"),
        (">=8.1", "7.0"),
        (">8.1", "7.0"),
        ("<99", "6.1"),
        (">=4.7", "5.0"),
        ("===local", None),
        ("==5.2.40", "5.2"),
        ("==4.7", None),
        (">=5,<4", None),
        ("~=4", None),
        ("nonsense", None),
        ("==4.2.*.1", None),
    ],
)
def test_lowest_release(specifier: str, release: str | None) -> None:
    found = lowest_release(specifier)
    assert (None if found is None else str(found)) == release


def test_configured_target_wins_and_names_its_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"pyproject.toml": project("django>=3.2") + "[tool.django-uplift]\ntarget-version = '5.2'\n"},
    )
    store = FileStore()
    target = detect(Workspace(store).settings_for(tmp_path), store)
    assert target == Target(Release(5, 2), "pyproject.toml")


def test_command_line_wins_over_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"django-uplift.toml": "target-version = '5.2'\nfrom-version = '4.2'\n"})
    store = FileStore()
    settings = Workspace(store, {"target_version": "6.0"}).settings_for(tmp_path)
    assert detect(settings, store) == Target(Release(6, 0), "--target-version")
    assert from_release(settings) == (4, 2)
    assert from_release(Settings(tmp_path)) is None


def test_unknown_target_in_a_file_is_an_error_at_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"django-uplift.toml": "\nselect = []\ntarget-version = '4.3'\nfrom-version = '0.9'\n"})
    store = FileStore()
    settings = Workspace(store).settings_for(tmp_path)
    with pytest.raises(
        ConfigError, match=re.escape(f"{tmp_path / 'django-uplift.toml'}:3: target-version: '4.3' is no")
    ):
        detect(settings, store)
    with pytest.raises(ConfigError, match=r":4: from-version: '0\.9'.* 1\.4"):
        from_release(settings)


def test_unknown_target_on_the_command_line(tmp_path: Path) -> None:
    settings = override(Settings(tmp_path), target_version="42")
    with pytest.raises(ValueError, match=r"^--target-version: '42' is no .*nearest are .*4\.2"):
        detect(settings, FileStore())


def test_requirements_of_the_repository_hold_in_its_folders(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            "repo/.git/HEAD": "",
            "repo/src/manage.py": "",
            "repo/requirements.txt": "django==4.0",
        },
    )
    write(tmp_path, {"requirements.txt": "django==2.2"})
    store = FileStore()
    settings = Workspace(store).settings_for(tmp_path / "repo/src/app/models.py")
    assert settings.root == tmp_path / "repo/src"
    assert detect(settings, store) == Target(Release(4, 0), "../requirements.txt, 'django==4.0'")
    (tmp_path / "repo/requirements.txt").unlink()
    assert detect(settings, store).release == (6, 1), "what lies above the repository is another project"


def test_active_environment_comes_last(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"venvs/a/lib/python3.12/site-packages/django-4.1.dist-info/METADATA": "Version: 4.1\n", "p/x": ""},
    )
    environment = tmp_path / "venvs/a"
    assert detect(Settings(tmp_path / "p"), FileStore(), environment=environment).release == (4, 1)


def test_later_sources_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path, {"pyproject.toml": project("django>=4.2"), "requirements.txt": "django==3.2", "uv.lock": UV}
    )
    read: list[str] = []

    class Recorder(FileStore):
        def read(self, path: Path) -> bytes:
            read.append(path.name)
            return super().read(path)

    assert detect(Settings(tmp_path), Recorder()).release == (4, 2)
    assert "requirements.txt" not in read
