# A table is read by its rows.
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from django_uplift.project.discovery import Excludes, Patterns, find_files, is_excluded


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


class Found:
    """What a walk gave: names relative to `root`, and problems."""

    def __init__(self, root: Path, *paths: Path, **options: object) -> None:
        self.problems: list[tuple[str, str]] = []
        found = find_files(paths or [root], on_problem=self.note, **options)  # type: ignore[arg-type]
        self.names = [os.path.relpath(path, root) for path in found]

    def note(self, path: Path, message: str) -> None:
        self.problems.append((path.name, message))


def test_order_suffixes_and_defaults(tmp_path: Path) -> None:
    make(
        tmp_path, "b.py", "a.py", "a.pyi", "x.txt", "z/a.py", "c/b.py", "c/a/x.py", ".venv/a.py", "node_modules/a.py",
        "c/__pycache__/a.py", "lib/site-packages/a.py", "own/pyvenv.cfg", "own/a.py", ".hidden/a.py", "c/build/a.py",
    )  # fmt: skip
    assert Found(tmp_path).names == ["a.py", "b.py", ".hidden/a.py", "c/b.py", "c/a/x.py", "z/a.py"]
    assert Found(tmp_path, suffixes=(".txt", ".pyi")).names == ["a.pyi", "x.txt"]


def test_named_files_come_always_and_once(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "build/gen.py", "script", "s/b.py")
    paths = [tmp_path / "build/gen.py", tmp_path / "script", tmp_path / "s", tmp_path, tmp_path / "a.py"]
    assert Found(tmp_path, *paths).names == ["build/gen.py", "script", "s/b.py", "a.py"]
    assert Found(tmp_path, tmp_path / "build").names == ["build/gen.py"], (
        "a folder named by the user is entered"
    )


def test_paths_are_shown_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "here/app/a.py")
    monkeypatch.chdir(tmp_path / "here")
    for given, shown in (
        (".", "app/a.py"),
        ("app", "app/a.py"),
        ("app/", "app/a.py"),
        ("../", "../here/app/a.py"),
    ):
        assert [str(p) for p in find_files([Path(given)], on_problem=print)] == [shown]


def test_configured_excludes(tmp_path: Path) -> None:
    make(
        tmp_path,
        "a.py",
        "app/migrations/0001.py",
        "app/a.py",
        "docs/x/a.py",
        "app/docs/a.py",
        "app/a_gen.py",
        "build/a.py",
    )
    excludes = Excludes(tmp_path, ["migrations", "/docs/**", "*_gen.py"])
    assert Found(tmp_path, excludes=excludes).names == ["a.py", "app/a.py", "app/docs/a.py", "build/a.py"]
    assert Found(tmp_path, tmp_path / "app", excludes=excludes).names == ["app/a.py", "app/docs/a.py"]
    for name, out in (
        ("app/migrations/0001.py", True),
        ("app/a.py", False),
        ("docs/x/a.py", True),
        ("../a.py", False),
    ):
        assert is_excluded(tmp_path / name, excludes) is out, name


def test_projects_inside_have_their_own_excludes(tmp_path: Path) -> None:
    make(tmp_path, "gen/a.py", "sub/pyproject.toml", "sub/gen/a.py", "sub/old/a.py", "old/a.py")
    asked: list[str] = []

    def excludes(folder: Path) -> Excludes:
        asked.append(folder.name)
        return Excludes(folder, ["old" if folder.name == "sub" else "gen"])

    assert Found(tmp_path, excludes=excludes).names == ["old/a.py", "sub/gen/a.py"]
    assert asked == [tmp_path.name, "sub"]


def test_gitignore(tmp_path: Path) -> None:
    make(
        tmp_path,
        *(f"{d}{f}.py" for d in ("", "app/", "app/sub/", "gen/") for f in ("a", "b", "keep_b")),
        "repo/.git/HEAD",
    )
    (tmp_path / ".git/info").mkdir(parents=True)
    (tmp_path / ".git/info/exclude").write_text("gen/\n")
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbf*b.py\r\n!keep_b.py\r\n# a.py\r\n")
    (tmp_path / "app/.gitignore").write_text("/a.py\n!b.py\n")
    make(tmp_path, "repo/b.py")
    everything = [
        "a.py",
        "keep_b.py",
        "app/b.py",
        "app/keep_b.py",
        "app/sub/a.py",
        "app/sub/b.py",
        "app/sub/keep_b.py",
        "repo/b.py",
    ]
    assert Found(tmp_path).names == everything, "nested files win, and a repository inside has its own rules"
    assert Found(tmp_path, tmp_path / "app/sub").names == everything[4:7], "rules from above hold"
    assert len(Found(tmp_path, excludes=Excludes(tmp_path, [".git"], respect_gitignore=False)).names) == 13
    assert is_excluded(tmp_path / "gen/a.py", Excludes(tmp_path))
    assert is_excluded(tmp_path / "app/a.py", Excludes(tmp_path))
    assert not is_excluded(tmp_path / "app/b.py", Excludes(tmp_path))
    assert not is_excluded(tmp_path / "repo/b.py", Excludes(tmp_path))


def test_gitignore_above_counts_only_inside_a_repository(tmp_path: Path) -> None:
    make(tmp_path, "project/a.py")
    (tmp_path / ".gitignore").write_text("*.py\n")
    assert Found(tmp_path, tmp_path / "project").names == ["project/a.py"]


def test_worktrees_find_their_exclude_file(tmp_path: Path) -> None:
    make(tmp_path, "main/.git/worktrees/w/HEAD", "w/a.py", "w/b.py")
    (tmp_path / "main/.git/info").mkdir()
    (tmp_path / "main/.git/info/exclude").write_text("b.py\n")
    (tmp_path / "main/.git/worktrees/w/commondir").write_text("../..\n")
    (tmp_path / "w/.git").write_text(f"gitdir: {tmp_path}/main/.git/worktrees/w\n")
    assert Found(tmp_path, tmp_path / "w").names == ["w/a.py"]


# What people write, and what single patterns and random ones seldom tell apart.
IDIOMS = [
    ["*", "!*/", "!*.py"], ["/*", "!/a/"], ["a/*", "!a/b"], ["a/**", "!a/c.py"], ["a", "!a/c.py"], ["/a", "!a/"],
    ["*.py", "/*", "!/a/"], ["*", "!a/", "!a/**"], ["*.py", "!/b/"], ["a/", "!b/a/"], ["c.py", "!c.py", "c.py"],
]  # fmt: skip

# Not here, because pathspec departs from git (as of 1.1): character classes with a name ("[[:alpha:]].py") or with an
# escape ("[\\]].py"), two stars before a last slash ("b/**/"), three between slashes ("a/***/b"), two behind plain
# text before a slash ("b**/*"). They leave out other files than git would, but nothing raises or warns.
PATTERNS = [
    "a", "a/", "/a", "a/b", "*.py", "a*", "**/b", "a/**", "a/**/c.py", "*", "/*", "!a", "!*.py", "!/b/", "b/*", "?.py",
    "[ab].py", "[!a].py", "[^b]*", "a/*/c.py", "**", "*/", "/**", "a**", "**/a/**", r"\a", r"\!a", r"\#a", "a ", r"a\ ",
    "#a", "[a", "[]-]a", "[a-c].py", "b//", "/", "", "!", "a/b/", "!b", "c.p[y]", "**.py", "a\\",
    "[z-a]", "*.p*", "!a/b/c.py", "*a*b*", "***", "**/", "**/**/**/c.py", ".*", "!.hidden.py",
]  # fmt: skip


def test_patterns_mean_what_git_says(tmp_path: Path) -> None:
    """Random pattern files, with git itself as the judge."""
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    folders = ["", "a/", "b/", "a/b/", "b/a/", "a/b/a/", "a /"]
    names = ["a.py", "b.py", "c.py", ".hidden.py", "ab.py", "aab", "!a", "#a", "].py", "-a", "abb.py"]
    tree = [folder + name for folder in folders for name in names]
    for name in tree:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    subprocess.run([git, "init", "-q", tmp_path], check=True)
    chance = random.Random(4)
    suffixes = ("",)  # Every file.
    excludes = Excludes(tmp_path, [".git"])
    rounds = [[pattern] for pattern in PATTERNS] + IDIOMS
    rounds += [chance.choices(PATTERNS, k=chance.randint(2, 5)) for _ in range(70)]
    for number, patterns in enumerate(rounds):
        for folder in ("", "a/"):
            text = "\n".join(patterns if not folder or number % 3 == 0 else [])
            (tmp_path / folder / ".gitignore").write_text(text)
        listed = subprocess.run(
            [git, "-C", tmp_path, "ls-files", "-z", "--others", "--exclude-standard"],
            check=True,
            capture_output=True,
        ).stdout.decode()
        expected = {name for name in listed.split("\0") if name}
        assert set(Found(tmp_path, excludes=excludes, suffixes=suffixes).names) == expected, patterns


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "pattern", ["[[:alpha:]].py", r"[\]].py", "b/**/", "a/***/b", "b**/*", "a\\", "[z-a]", "[--[]"]
)
def test_odd_patterns_cost_nothing_else(pattern: str) -> None:
    assert Patterns("/root", [pattern, "*.py"]).verdict("/root/x/", "a.py", False)
    assert Patterns("/root", ["*.py", pattern]).verdict("/root/x/", "a.py", False)


def test_last_pattern_wins_across_their_kinds() -> None:
    for lines, out in (
        (["a.py", "!*.py"], False),
        (["!*.py", "a.py"], True),
        (["*.py", "!a*"], False),
        (["/x/a.py", "!a.py"], False),
        (["!x/*.py", "/x/a.py"], True),
        (["b.py"], None),
    ):
        assert Patterns("/root", lines).verdict("/root/x/", "a.py", False) is out, lines


def test_links(tmp_path: Path) -> None:
    make(tmp_path, "top/z/a.py", "top/z/sub/b.py", "outside/c.py", "outside/deep/d.py", "other.py")
    top = tmp_path / "top"
    (top / "aaa").symlink_to("z")
    (top / "z/loop").symlink_to("..")
    (top / "z/up").symlink_to(tmp_path)
    (top / "self").symlink_to("self")
    (top / "self.py").symlink_to("self.py")
    (top / "out").symlink_to("../outside")
    (top / "out2").symlink_to("../outside")
    (top / "again.py").symlink_to("z/a.py")
    (top / "other.py").symlink_to("../other.py")
    (top / ".#lock.py").symlink_to("nobody@nowhere")
    found = Found(top)
    assert found.names == ["z/a.py", "z/sub/b.py", "other.py", "out/c.py", "out/deep/d.py"]
    assert found.problems == [("self.py", "it can't be read: Too many levels of symbolic links")]


def test_problems_are_told_and_the_walk_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/a.py", "locked/a.py", "vanished/a.py", "z/a.py")
    (tmp_path / "dangling.py").symlink_to("nowhere")
    scandir = os.scandir

    def guarded(path: str) -> "os._ScandirIterator[str]":
        if "locked" in path:
            raise PermissionError(13, "Permission denied", path)
        if "vanished" in path:
            raise FileNotFoundError(2, "No such file or directory", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = Found(tmp_path, tmp_path, tmp_path / "none", tmp_path / "dangling.py")
    assert found.names == ["a/a.py", "z/a.py"]
    assert found.problems == [
        ("locked", "the folder can't be read: Permission denied"),
        ("none", "there is no such file or folder"),
        ("dangling.py", "it is a link to nothing"),
    ]


def test_unreadable_gitignore_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a.py", ".gitignore")

    def fail(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", fail)
    found = Found(tmp_path)
    assert found.names == ["a.py"]
    assert [name for name, _ in found.problems] == [".gitignore"]


def test_odd_names(tmp_path: Path) -> None:
    names = ["sp ace.py", "é.py", "\udcff.py", "new\nline.py"]
    make(tmp_path, *names)
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "folder.py").mkdir()
    assert sorted(Found(tmp_path).names) == sorted(names)
