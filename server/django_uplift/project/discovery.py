"""Which files a run looks at: a walk in a fixed order, without what git or the configuration leaves out."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from pathspec import Pattern

DEFAULT_EXCLUDES: tuple[str, ...] = (
    ".direnv", ".eggs", ".git", ".hg", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".svn", ".tox",
    ".venv", "__pycache__", "__pypackages__", "build", "dist", "env", "node_modules", "site-packages", "venv",
)  # fmt: skip

# A folder that holds one of these may have settings, and so excludes, of its own.
CONFIG_NAMES: tuple[str, ...] = (".django-uplift.toml", "django-uplift.toml", "pyproject.toml")

OnProblem = Callable[[Path, str], None]


class Patterns:
    """Patterns with the meaning that git gives them, relative to one folder.

    pathspec reads them, but asks whether a pattern matches a path *or a folder above it*. Here one speaks
    about the entry that it matches alone, as in git: a walk decides about a folder before it enters.
    """

    __slots__ = ("_names", "_patterns", "base")

    def __init__(self, base: str, lines: Iterable[str]) -> None:
        self.base = _ended(base)
        texts = [line for line in lines if line.strip() and not line.startswith("#")]
        # Plain names, as all default excludes are, need no pathspec; nor an order if nothing takes them back.
        is_ordered = any(text.startswith("!") for text in texts)
        self._names = frozenset() if is_ordered else frozenset(filter(_is_name, texts))
        others = [text for text in texts if text not in self._names]
        self._patterns = list(_read(reversed(others))) if others else []

    def verdict(self, folder: str, name: str, is_folder: bool) -> bool | None:
        """True if the last pattern that matches ignores the entry, False if it takes it back, else None.

        `folder` is the absolute path of the folder that holds the entry, ended by a separator and below
        `base`.
        """
        if name in self._names:
            return True
        if not self._patterns:
            return None
        above = folder[len(self.base) :].replace(os.sep, "/")
        entry = f"{name}/" if is_folder else name
        for pattern, about in self._patterns:
            if about == "name":
                matches = pattern.match_file(entry)
            elif about == "inside":
                matches = pattern.match_file(above + name)
            else:
                matches = pattern.match_file(above + entry) and not pattern.match_file(above)
            if matches:
                return pattern.include
        return None


# What a pattern is about: entries of that name anywhere, one path, or all that is inside a folder.
_About = Literal["name", "path", "inside"]


def _is_name(text: str) -> bool:
    return re.fullmatch(r"[\w.-]+", text) is not None


def _read(texts: Iterable[str]) -> Iterator[tuple[Pattern, _About]]:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    for text in texts:
        text = text.rstrip("\r")
        try:
            with warnings.catch_warnings():  # It hands classes such as [[:alpha:]] on to `re` as they are.
                warnings.simplefilter("ignore", FutureWarning)
                pattern = GitIgnoreSpecPattern(text)
        except (ValueError, re.error):
            continue  # No pattern to git either: "[z-a]", say.
        path = text.strip().rstrip("/")
        yield pattern, "name" if "/" not in path else "inside" if path.endswith("/**") else "path"


class Excludes:
    """What a project leaves out: its own patterns, and git's if it honours them."""

    __slots__ = ("patterns", "respect_gitignore")

    def __init__(
        self, root: Path, patterns: Sequence[str] = DEFAULT_EXCLUDES, *, respect_gitignore: bool = True
    ) -> None:
        self.patterns = Patterns(os.path.abspath(root), patterns)
        self.respect_gitignore = respect_gitignore


def find_files(
    paths: Sequence[Path],
    *,
    on_problem: OnProblem,
    excludes: Excludes | Callable[[Path], Excludes] | None = None,
    suffixes: tuple[str, ...] = (".py",),
) -> Iterator[Path]:
    """The files to look at, each once: a folder's own sorted by name, then those of its folders.

    Files named in `paths` come whatever their suffix and even if excluded. `excludes` may be a function from
    a folder to what holds there; it is asked for each folder in `paths` and where a configuration file lies.
    What can't be read goes to `on_problem` with a sentence that says why, and the walk goes on.
    """
    if isinstance(excludes, Excludes):
        given = excludes
        walk = _Walk(lambda _: given, suffixes, on_problem)
    else:
        walk = _Walk(excludes or Excludes, suffixes, on_problem)
    for path in paths:
        text = os.fspath(path)
        if os.path.isdir(text):
            yield from walk.folder(text)
        elif os.path.exists(text):
            if walk.is_new(os.path.realpath(text)):
                yield path
        else:
            reason = "it is a link to nothing" if os.path.islink(text) else "there is no such file or folder"
            on_problem(path, reason)


def is_excluded(path: Path, excludes: Excludes) -> bool:
    """Whether a walk from the project's root would leave out the file at `path`."""
    root = excludes.patterns.base
    absolute = os.path.abspath(path)
    if not absolute.startswith(root):
        return False
    ignores = _ignores_above(root, _ignore) if excludes.respect_gitignore else []
    folder = root
    *parents, name = absolute[len(root) :].split(os.sep)
    for position, part in enumerate((*parents, name)):
        if position and excludes.respect_gitignore and os.path.exists(folder + ".git"):
            ignores = _info_exclude(folder, _ignore)
        if excludes.respect_gitignore:
            ignores = [*ignores, *_read_patterns(folder + ".gitignore", folder, _ignore)]
        is_folder = position < len(parents)
        if _is_out(excludes, ignores, folder, part, is_folder):
            return True
        folder += part + os.sep
        if is_folder and os.path.exists(folder + "pyvenv.cfg"):
            return True
    return False


def _ignore(path: Path, message: str) -> None:
    del path, message


class _Folder(NamedTuple):
    shown: str  # As the caller named it, ended by a separator, or empty for the working directory.
    absolute: str  # Ended by a separator.
    real: str
    excludes: Excludes
    ignores: list[Patterns]

    def child(self, name: str, real: str | None = None) -> _Folder:
        """The folder `name` in this one; `real` if it is a link."""
        below = name + os.sep
        return self._replace(
            shown=self.shown + below, absolute=self.absolute + below, real=real or _ended(self.real) + name
        )


class _Walk:
    """One run over several paths, which together yield no file twice."""

    __slots__ = ("_entered", "_excludes_for", "_links", "_on_problem", "_seen", "_suffixes", "_top")

    def __init__(
        self,
        excludes_for: Callable[[Path], Excludes],
        suffixes: tuple[str, ...],
        on_problem: OnProblem,
    ) -> None:
        self._excludes_for = excludes_for
        self._suffixes = suffixes
        self._on_problem = on_problem
        self._entered: set[str] = set()
        self._seen: set[str] = set()
        self._links: list[tuple[_Folder, str, bool]] = []
        self._top = ""

    def is_new(self, real: str) -> bool:
        """Whether the file at a real path wasn't yielded yet; from now on it was."""
        if real in self._seen:
            return False
        self._seen.add(real)
        return True

    def folder(self, path: str) -> Iterator[Path]:
        """The files below a folder named by the user."""
        real = os.path.realpath(path)
        absolute = _ended(os.path.abspath(path))
        shown = "" if path in ("", ".") else _ended(path)
        excludes = self._excludes_for(Path(absolute))
        ignores = _ignores_above(absolute, self._on_problem) if excludes.respect_gitignore else []
        self._top = _ended(real)
        yield from self._walk(_Folder(shown, absolute, real, excludes, ignores), is_top=True)
        # Links come last, so that what they lead to is known by its own name if it has one here.
        while self._links:
            links, self._links = self._links, []
            for parent, name, is_folder in links:
                yield from self._follow(parent, name, is_folder)

    def _follow(self, parent: _Folder, name: str, is_folder: bool) -> Iterator[Path]:
        real = os.path.realpath(parent.absolute + name)
        if is_folder:
            if self._top.startswith(_ended(real)):
                return
            yield from self._walk(parent.child(name, real), is_top=False)
        elif self.is_new(real):
            yield Path(parent.shown + name)

    def _walk(self, top: _Folder, *, is_top: bool) -> Iterator[Path]:
        stack = [top]
        suffixes = self._suffixes
        while stack:
            current = stack.pop()
            if current.real in self._entered:
                continue
            shown, absolute, real, excludes, ignores = current
            try:
                with os.scandir(shown or ".") as scan:
                    entries = sorted(scan, key=lambda entry: entry.name)
            except FileNotFoundError:
                continue  # It went away since its own folder was read.
            except OSError as error:
                self._on_problem(Path(shown or "."), f"the folder can't be read: {error.strerror or error}")
                continue
            names = {entry.name for entry in entries}
            first = is_top and current is top
            if not first:
                if "pyvenv.cfg" in names:
                    continue
                if not names.isdisjoint(CONFIG_NAMES):
                    excludes = self._excludes_for(Path(absolute))
            self._entered.add(real)
            if excludes.respect_gitignore:
                if ".git" in names and not first:
                    ignores = _info_exclude(absolute, self._on_problem)
                if ".gitignore" in names:
                    ignores = [*ignores, *_read_patterns(absolute + ".gitignore", absolute, self._on_problem)]
            else:
                ignores = []
            here = current._replace(excludes=excludes, ignores=ignores)
            folders: list[_Folder] = []
            for entry in entries:
                name = entry.name
                try:
                    is_link = entry.is_symlink()
                    is_folder = _leads_to_folder(entry) if is_link else entry.is_dir(follow_symlinks=False)
                    if not is_folder and not (name.endswith(suffixes) and entry.is_file()):
                        continue
                    if _is_out(excludes, ignores, absolute, name, is_folder):
                        continue
                    if is_link:
                        self._links.append((here, name, is_folder))
                    elif is_folder:
                        folders.append(here.child(name))
                    elif self.is_new(_ended(real) + name):
                        yield Path(shown + name)
                except OSError as error:
                    self._on_problem(Path(shown + name), f"it can't be read: {error.strerror or error}")
            stack += reversed(folders)


def _leads_to_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:  # It leads to itself, say.
        return False


def _ended(path: str) -> str:
    return path if path.endswith(os.sep) else path + os.sep


def _is_out(excludes: Excludes, ignores: list[Patterns], folder: str, name: str, is_folder: bool) -> bool:
    patterns = excludes.patterns
    if folder.startswith(patterns.base) and patterns.verdict(folder, name, is_folder):
        return True
    for own in reversed(ignores):
        verdict = own.verdict(folder, name, is_folder)
        if verdict is not None:
            return verdict
    return False


def _ignores_above(folder: str, on_problem: OnProblem) -> list[Patterns]:
    """The patterns that hold in `folder` from above, within its git repository; weakest first."""
    found: list[Patterns] = []
    current = folder
    while True:
        if os.path.exists(current + ".git"):
            return [*_info_exclude(current, on_problem), *reversed(found)]
        parent = _ended(os.path.dirname(current.rstrip(os.sep)) or os.sep)
        if parent == current:
            return []  # In no repository: what lies above is no business of ours.
        current = parent
        found += _read_patterns(current + ".gitignore", current, on_problem)


def _info_exclude(folder: str, on_problem: OnProblem) -> list[Patterns]:
    """The patterns of ``.git/info/exclude``; in worktrees and submodules a file leads there."""
    git = folder + ".git"
    if os.path.isfile(git):
        try:
            text = Path(git).read_text("utf-8", "surrogateescape")
        except OSError:
            return []
        _, _, target = text.partition("gitdir:")
        git = os.path.join(folder, target.strip())
        try:
            common = Path(git, "commondir").read_text("utf-8", "surrogateescape").strip()
        except OSError:
            common = ""
        git = os.path.join(git, common)
    return _read_patterns(os.path.join(git, "info", "exclude"), folder, on_problem)


def _read_patterns(path: str, base: str, on_problem: OnProblem) -> list[Patterns]:
    """The patterns of a file in a list; an empty one if there is no such file."""
    try:
        if not os.path.isfile(path):
            return []
        data = Path(path).read_bytes()
    except OSError as error:
        on_problem(Path(path), f"it can't be read, so nothing is left out for it: {error.strerror or error}")
        return []
    return [Patterns(base, os.fsdecode(data.removeprefix(b"\xef\xbb\xbf")).split("\n"))]
