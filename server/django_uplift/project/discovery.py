"""Which files a run looks at: a walk in a fixed order, without what git or the configuration leaves out.

The patterns of ``.gitignore`` are matched here rather than by pathspec: importing and compiling that takes
longer than the whole walk, and nearly all real patterns are plain names that a dictionary answers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

DEFAULT_EXCLUDES: tuple[str, ...] = (
    ".direnv", ".eggs", ".git", ".hg", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".svn", ".tox",
    ".venv", "__pycache__", "__pypackages__", "build", "dist", "env", "node_modules", "site-packages", "venv",
)  # fmt: skip

# A folder that holds one of these may have settings, and so excludes, of its own.
CONFIG_NAMES: tuple[str, ...] = (".django-uplift.toml", "django-uplift.toml", "pyproject.toml")

OnProblem = Callable[[Path, str], None]


class _Rule(NamedTuple):
    order: int
    ignored: bool
    folders_only: bool


class Patterns:
    """Patterns with the meaning that git gives them, relative to one folder.

    A pattern speaks about the entry that it matches, not about what is below: a walk that doesn't enter
    ignored folders needs no more.
    """

    __slots__ = ("_by_name", "_by_path", "_by_suffix", "_name_globs", "_path_globs", "base")

    def __init__(self, base: str, lines: Iterable[str]) -> None:
        self.base = base if base.endswith(os.sep) else base + os.sep
        self._by_name: dict[str, list[_Rule]] = {}
        self._by_suffix: dict[str, list[_Rule]] = {}
        self._by_path: dict[str, list[_Rule]] = {}
        self._name_globs: list[tuple[_Rule, re.Pattern[str]]] = []
        self._path_globs: list[tuple[_Rule, re.Pattern[str]]] = []
        for order, line in enumerate(lines):
            self._add(order, line)

    def _add(self, order: int, line: str) -> None:
        pattern = _strip(line)
        if not pattern or pattern.startswith("#"):
            return
        ignored = not pattern.startswith("!")
        if not ignored:
            pattern = pattern[1:]
        folders_only = pattern.endswith("/")
        if folders_only:
            pattern = pattern[:-1]
        rule = _Rule(order, ignored, folders_only)
        anchored = "/" in pattern
        pattern = pattern.removeprefix("/")
        if not pattern:
            return
        if anchored:
            if _is_plain(pattern):
                self._by_path.setdefault(pattern, []).append(rule)
            elif (compiled := _compile(pattern)) is not None:
                self._path_globs.append((rule, compiled))
        elif _is_plain(pattern):
            self._by_name.setdefault(pattern, []).append(rule)
        elif pattern.startswith("*.") and _is_plain(suffix := pattern[2:]) and "." not in suffix:
            self._by_suffix.setdefault(suffix, []).append(rule)
        elif (compiled := _compile(pattern)) is not None:
            self._name_globs.append((rule, compiled))

    def verdict(self, folder: str, name: str, is_folder: bool) -> bool | None:
        """True if the last pattern that matches ignores the entry, False if it takes it back, else None.

        `folder` is the absolute path of the folder that holds the entry, ended by a separator and below
        `base`.
        """
        best: _Rule | None = None
        found = self._by_name.get(name)
        if found:
            best = _last(best, found, is_folder)
        if self._by_suffix:
            _, dot, suffix = name.rpartition(".")
            if dot and (found := self._by_suffix.get(suffix)):
                best = _last(best, found, is_folder)
        for rule, compiled in self._name_globs:
            if (
                (is_folder or not rule.folders_only)
                and (best is None or rule > best)
                and compiled.fullmatch(name)
            ):
                best = rule
        if self._by_path or self._path_globs:
            relative = folder[len(self.base) :].replace(os.sep, "/") + name
            if found := self._by_path.get(relative):
                best = _last(best, found, is_folder)
            for rule, compiled in self._path_globs:
                if (
                    (is_folder or not rule.folders_only)
                    and (best is None or rule > best)
                    and compiled.fullmatch(relative)
                ):
                    best = rule
        return None if best is None else best.ignored


def _last(best: _Rule | None, rules: list[_Rule], is_folder: bool) -> _Rule | None:
    for rule in rules:
        if (is_folder or not rule.folders_only) and (best is None or rule > best):
            best = rule
    return best


_SPECIAL = re.compile(r"[*?\[\\]")


def _is_plain(pattern: str) -> bool:
    return _SPECIAL.search(pattern) is None


def _strip(line: str) -> str:
    """The line without its end, and without trailing spaces unless a backslash keeps them."""
    line = line.rstrip("\r\n")
    stripped = line.rstrip(" ")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    if backslashes % 2 and len(stripped) < len(line):
        stripped += " "
    return stripped


_POSIX_CLASSES = {
    "alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": r" \t", "digit": "0-9", "lower": "a-z",
    "punct": r"!-\/:-@\[-`{-~", "space": r"\s", "upper": "A-Z", "xdigit": "0-9a-fA-F",
}  # fmt: skip


def _compile(pattern: str) -> re.Pattern[str] | None:
    """A git glob as a regular expression for the whole path; None if git would never match it."""
    parts: list[str] = []
    at, end = 0, len(pattern)
    # Git compares the plain start apart, so that for it two stars behind that stand at the beginning.
    wild = special.start() if (special := _SPECIAL.search(pattern)) else end
    while at < end:
        char = pattern[at]
        if char == "*":
            stop = at
            while stop < end and pattern[stop] == "*":
                stop += 1
            whole = stop - at >= 2 and (at == wild or pattern[at - 1] == "/")
            if whole and stop < end and pattern[stop] == "/":
                if parts[-1:] != ["(?:.*/)?"]:  # Twice means the same, but takes far longer.
                    parts.append("(?:.*/)?")
                stop += 1
            elif whole and stop == end and at > 0:
                parts.append(".*")
            else:
                parts.append("[^/]*")
            at = stop
        elif char == "?":
            parts.append("[^/]")
            at += 1
        elif char == "[":
            bracket = _bracket(pattern, at)
            if bracket is None:
                return None
            text, at = bracket
            parts.append(text)
        elif char == "\\":
            if at + 1 == end:
                return None
            parts.append(re.escape(pattern[at + 1]))
            at += 2
        else:
            parts.append(re.escape(char))
            at += 1
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:  # A range that runs backwards, say.
        return None


def _bracket(pattern: str, start: int) -> tuple[str, int] | None:
    """The character class that opens at `start`, and where it ends; None if it doesn't."""
    at = start + 1
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    members: list[str] = []
    first = at
    while at < len(pattern):
        char = pattern[at]
        if char == "]" and at > first:
            # Like wildmatch under git, no class matches the separator.
            return f"(?!/)[{'^' if negated else ''}{''.join(members)}]", at + 1
        if char == "[" and pattern.startswith("[:", at) and (stop := pattern.find(":]", at)) > 0:
            name = pattern[at + 2 : stop]
            if name not in _POSIX_CLASSES:
                return None
            members.append(_POSIX_CLASSES[name])
            at = stop + 2
            continue
        if char == "\\" and at + 1 < len(pattern):
            at += 1
            members.append(re.escape(pattern[at]))
        else:
            members.append(char if char == "-" else re.escape(char))
        at += 1
    return None


class Excludes:
    """What a project leaves out: its own patterns, and git's if it honours them."""

    __slots__ = ("patterns", "respect_gitignore", "root")

    def __init__(
        self, root: Path, patterns: Sequence[str] = DEFAULT_EXCLUDES, *, respect_gitignore: bool = True
    ) -> None:
        self.root = root
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
    walk = _Walk(excludes, suffixes, on_problem)
    for path in paths:
        text = os.fspath(path)
        if os.path.isdir(text):
            yield from walk.folder(text)
        elif os.path.exists(text):
            if walk.take_named(text):
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
        if excludes.respect_gitignore and (own := _read_patterns(folder + ".gitignore", folder, _ignore)):
            ignores = [*ignores, own]
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


class _Walk:
    """One run over several paths, which together yield no file twice."""

    __slots__ = ("_entered", "_excludes", "_links", "_on_problem", "_seen", "_suffixes", "_top")

    def __init__(
        self,
        excludes: Excludes | Callable[[Path], Excludes] | None,
        suffixes: tuple[str, ...],
        on_problem: OnProblem,
    ) -> None:
        self._excludes = excludes
        self._suffixes = suffixes
        self._on_problem = on_problem
        self._entered: set[str] = set()
        self._seen: set[str] = set()
        self._links: list[tuple[_Folder, str, bool]] = []
        self._top = ""

    def take_named(self, path: str) -> bool:
        """Whether the file at `path`, named by the user, wasn't yielded yet."""
        return self._is_new(os.path.realpath(path))

    def _is_new(self, real: str) -> bool:
        if real in self._seen:
            return False
        self._seen.add(real)
        return True

    def folder(self, path: str) -> Iterator[Path]:
        """The files below a folder named by the user."""
        real = os.path.realpath(path)
        absolute = _ended(os.path.abspath(path))
        shown = "" if path in ("", ".") else _ended(path)
        excludes = self._excludes_for(absolute)
        if excludes is None:
            excludes = Excludes(Path(absolute))
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
            excludes, ignores = parent.excludes, parent.ignores
            child = _Folder(
                parent.shown + name + os.sep, parent.absolute + name + os.sep, real, excludes, ignores
            )
            yield from self._walk(child, is_top=False)
        elif self._is_new(real):
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
                    entries = sorted(scan, key=_name_of)
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
                    excludes = self._excludes_for(absolute) or excludes
            self._entered.add(real)
            if excludes.respect_gitignore:
                if ".git" in names and not first:
                    ignores = _info_exclude(absolute, self._on_problem)
                if ".gitignore" in names:
                    own = _read_patterns(absolute + ".gitignore", absolute, self._on_problem)
                    if own is not None:
                        ignores = [*ignores, own]
            else:
                ignores = []
            folders: list[_Folder] = []
            below = _ended(real)
            for entry in entries:
                name = entry.name
                try:
                    if entry.is_dir(follow_symlinks=False):
                        if not _is_out(excludes, ignores, absolute, name, True):
                            child = f"{name}{os.sep}"
                            folders.append(
                                _Folder(shown + child, absolute + child, below + name, excludes, ignores)
                            )
                    elif entry.is_symlink():
                        is_folder = _leads_to_folder(entry)
                        if (is_folder or (name.endswith(suffixes) and entry.is_file())) and not _is_out(
                            excludes, ignores, absolute, name, is_folder
                        ):
                            self._links.append(
                                (current._replace(excludes=excludes, ignores=ignores), name, is_folder)
                            )
                    elif name.endswith(suffixes) and entry.is_file(follow_symlinks=False):
                        if not _is_out(excludes, ignores, absolute, name, False) and self._is_new(
                            below + name
                        ):
                            yield Path(shown + name)
                except OSError as error:
                    self._on_problem(Path(shown + name), f"it can't be read: {error.strerror or error}")
            folders.reverse()
            stack += folders

    def _excludes_for(self, absolute: str) -> Excludes | None:
        if isinstance(self._excludes, Excludes) or self._excludes is None:
            return self._excludes
        return self._excludes(Path(absolute))


def _name_of(entry: os.DirEntry[str]) -> str:
    return entry.name


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
        if os.path.exists(current + ".gitignore"):
            own = _read_patterns(current + ".gitignore", current, on_problem)
            if own is not None:
                found.append(own)


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
    own = _read_patterns(os.path.join(git, "info", "exclude"), folder, on_problem)
    return [] if own is None else [own]


def _read_patterns(path: str, base: str, on_problem: OnProblem) -> Patterns | None:
    try:
        if not os.path.isfile(path):
            return None
        data = Path(path).read_bytes()
    except OSError as error:
        on_problem(Path(path), f"it can't be read, so nothing is left out for it: {error.strerror or error}")
        return None
    return Patterns(base, os.fsdecode(data.removeprefix(b"\xef\xbb\xbf")).split("\n"))
