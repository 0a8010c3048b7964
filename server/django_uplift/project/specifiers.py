"""Versions as other tools than pip write them, turned into PEP 440 specifiers."""

from __future__ import annotations

import re


def normalise(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


_CLAUSE = r"(===|~=|==|!=|<=|>=|<|>)\s*[vV]?(\d[\w.!+-]*(?:\.\*)?)"
_VERSION = r"(?i)[vV]?(\d+(?:\.\d+)*)((?:[-_.]?(?:alpha|beta|a|b|c|rc|dev|post)\d*)*)"


def from_poetry(text: str) -> str | None:
    """A Poetry constraint without ``||`` as a PEP 440 specifier; None if it is none.

    https://python-poetry.org/docs/dependency-specification/
    """
    clauses: list[str] = []
    for clause in re.findall(r"(?:[<>=!~^]+\s*)?[^\s,<>=!~^]+", text):
        converted = _poetry_clause(clause.replace(" ", ""))
        if converted is None:
            return None
        clauses += [converted] if converted else []
    return ",".join(clauses)


def _poetry_clause(clause: str) -> str | None:
    if clause == "*":
        return ""
    if re.fullmatch(_CLAUSE, clause):
        return clause
    if clause.startswith("=") and not clause.startswith("=="):
        return _poetry_clause(clause[1:])
    if match := re.fullmatch(r"[vV]?(\d+(?:\.\d+)*)\.(?:\*|x)", clause):
        return f"=={match[1]}.*"
    caret = clause[:1] if clause[:1] in ("^", "~") else ""
    match = re.fullmatch(_VERSION, clause[len(caret) :])
    if match is None:
        return None
    version = match[1] + match[2]
    if not caret:
        return f"=={version}"
    numbers = [int(number) for number in match[1].split(".")]
    if caret == "~":
        place = min(1, len(numbers) - 1)
    else:
        place = next((n for n, number in enumerate(numbers) if number), len(numbers) - 1)
    upper = [*numbers[:place], numbers[place] + 1]
    return f">={version},<{'.'.join(map(str, upper if len(upper) > 1 else [*upper, 0]))}"


def from_reference(reference: str, name: str) -> str:
    """What a URL or git reference tells of the version; empty if nothing."""
    plain = re.split(r"[#?]", reference)[0]
    last = plain.rstrip("/").rpartition("/")[2]
    if version := file_version(last, name):
        return f"=={version}"
    # What stands behind "@", in a git URL; the end of any other URL; else it is a tag, branch or commit.
    revision = plain.rpartition("@")[2] if "@" in plain else last if "://" in plain else plain
    if match := re.search(r"(?:^|/)[vV]?(\d+(?:\.\d+)+)(?:\.zip|\.tar\.gz)?$", revision):
        return f"=={match[1]}"
    if match := re.search(r"(?:^|/)(\d+\.\d+)\.x(?:\.zip|\.tar\.gz)?$", revision):
        return f"=={match[1]}.*"
    return ""


def file_version(file: str, name: str) -> str | None:
    """The version in the name of a wheel or source archive, of the package `name` if that is told."""
    match = re.match(r"(.+?)-(\d[\w.]*?)(?:-.*\.whl|\.tar\.gz|\.zip|\.tar\.bz2)$", file)
    if match is None or (name and normalise(match[1]) != name):
        return None
    return match[2]
