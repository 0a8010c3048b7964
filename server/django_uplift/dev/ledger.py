"""The ledger of Django's deprecations: ``python -m django_uplift.dev.ledger``.

Three files of ``rules/ledger`` say which rule knows what, and a test holds them against the rules that there are:

``deprecations.md``  what Django deprecated, in a person's words: a thing, its versions, and the rule that reports it
``warnings.tsv``     every place in Django's sources that warns, since 1.11, and what claims it
``at_run_time.md``   what no reading of the code can tell, and how to catch it; its headings claim rows and places

The command parses Django's archives (see `django_names`) and lists the places that ``warnings.tsv`` does not know; it
ends with 1 if there are any. ``--source PATH`` looks at an archive or a folder of Django's in their place, such as a
release candidate's. ``--write`` brings the table up to date: new places are claimed by ``?``, which the test refuses.

A place is a module, the function or class in it, and the warning's class; ``check`` in place of that is a model field
that only the system checks speak of. A claim is a rule's code, ``@heading`` of ``at_run_time.md``, or ``-reason``.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
import tarfile
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from django_uplift.dev.django_names import ROOT, fetch
from django_uplift.django.releases import RELEASED, Release

FOLDER = ROOT / "rules" / "ledger"
TABLE = FOLDER / "warnings.tsv"
ROWS = FOLDER / "deprecations.md"
AT_RUN_TIME = FOLDER / "at_run_time.md"

FIRST = Release(1, 11)
"""Where the table starts: the last release whose warnings concern Python 3 code that is still being upgraded."""
RELEASES = tuple(release for release in RELEASED if release >= FIRST)

_WARNING = re.compile(r"RemovedIn(?:Django)?(\w+)Warning")
_FIELD_CHECK = "system_check_deprecated_details"
_WHERE_WARNINGS_ARE_DEFINED = "django/utils/deprecation.py"


class Site(NamedTuple):
    """A place that warns: `scope` is the dotted name in the module, `removed` the end of the warning's name ("60")."""

    module: str
    scope: str
    removed: str


class Known(NamedTuple):
    """A line of the table: how often the site names the warning at most, on which releases, and what claims it."""

    site: Site
    times: int
    first: str
    last: str
    claims: tuple[str, ...]


class Row(NamedTuple):
    """A line of ``deprecations.md``. `deprecated` is empty where the thing went without notice."""

    thing: str
    deprecated: str
    removed: str
    claims: tuple[str, ...]


# Django's sources


def modules_of(path: Path) -> Iterator[tuple[str, str]]:
    """The Python modules of an archive (a wheel or an sdist) or a folder: path from ``django/`` on, and text."""
    if path.is_dir():
        for file in sorted((path / "django").rglob("*.py")):
            yield file.relative_to(path).as_posix(), file.read_text("utf-8", "replace")
    elif path.suffix in (".whl", ".zip"):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.startswith("django/") and name.endswith(".py"):
                    yield name, archive.read(name).decode("utf-8", "replace")
    else:
        with tarfile.open(path) as tar:
            for member in sorted(tar.getmembers(), key=lambda member: member.name):
                name = member.name.partition("/")[2]
                stream = tar.extractfile(member)
                if name.startswith("django/") and name.endswith(".py") and stream is not None:
                    yield name, stream.read().decode("utf-8", "replace")


def sites(modules: Iterable[tuple[str, str]]) -> Counter[Site]:
    """The places that warn, and how often each names its warning. Templates of projects are no Python."""
    found: Counter[Site] = Counter()
    for module, text in modules:
        if "RemovedIn" not in text and _FIELD_CHECK not in text:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                tree = ast.parse(text)
            except SyntaxError:  # the templates of startproject, test data
                continue
        found.update(_sites(tree, module, ()))
    return found


def _sites(node: ast.AST, module: str, scope: tuple[str, ...]) -> Iterator[Site]:
    for child in ast.iter_child_nodes(node):
        inner = scope
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inner = (*scope, child.name)
        elif isinstance(child, (ast.Name, ast.Attribute)):
            name = child.id if isinstance(child, ast.Name) else child.attr
            match = _WARNING.fullmatch(name)
            if match and isinstance(child.ctx, ast.Load) and (scope or module != _WHERE_WARNINGS_ARE_DEFINED):
                yield Site(module, ".".join(scope), match[1])
            elif name == _FIELD_CHECK and isinstance(child.ctx, ast.Store) and scope:
                yield Site(module, ".".join(scope), "check")
        yield from _sites(child, module, inner)


# The files


def read_table(text: str) -> list[Known]:
    """The lines of ``warnings.tsv``. Raises `ValueError` for one that is no such line."""
    known: list[Known] = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            removed, module, scope, count, releases, claims = line.split("\t")
            first, last = releases.split("-")
            site = Site(module, scope, removed)
            known.append(Known(site, int(count), first, last, tuple(claims.split(","))))
    return known


def write_table(known: Iterable[Known]) -> str:
    """The text of ``warnings.tsv``."""
    lines = ["# warning\tmodule\tscope\ttimes\treleases\tclaims; see dev/ledger.py"]
    for entry in sorted(known, key=lambda entry: (entry.site.removed.zfill(4), entry.site)):
        site = entry.site
        fields = (site.removed, site.module, site.scope, entry.times, f"{entry.first}-{entry.last}")
        lines.append("\t".join((*map(str, fields), ",".join(entry.claims))))
    return "\n".join(lines) + "\n"


_ROW = re.compile(
    r"\| (?P<thing>.+?) \| (?P<deprecated>[\d.]*) \| (?P<removed>[\d.]+) \| (?P<claims>\S.*?) \|"
)


def read_rows(text: str) -> list[Row]:
    """The rows of ``deprecations.md``. Raises `ValueError` for a line of a table that is none."""
    rows: list[Row] = []
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith(("| What", "| ---")):
            match = _ROW.fullmatch(line)
            if match is None:
                raise ValueError(f"no row of the ledger: {line}")
            claims = tuple(claim.strip(" `") for claim in match["claims"].split(","))
            rows.append(Row(match["thing"], match["deprecated"], match["removed"], claims))
    return rows


def headings(text: str) -> frozenset[str]:
    """What claims may say behind ``@``: the headings of level two of ``at_run_time.md``, as GitHub names them."""
    return frozenset(
        re.sub(r"[^\w\- ]", "", line.removeprefix("## ").lower()).replace(" ", "-")
        for line in text.splitlines()
        if line.startswith("## ")
    )


# The chore


def unclaimed(found: Mapping[Site, int], table: Iterable[Known]) -> list[Site]:
    """The places that the table doesn't know, or knows with fewer warnings."""
    counts = {entry.site: entry.times for entry in table if "?" not in entry.claims}
    return sorted(site for site, count in found.items() if count > counts.get(site, 0))


def updated(found: Mapping[str, Mapping[Site, int]], table: Iterable[Known]) -> list[Known]:
    """The table for some releases (oldest first), with the claims of the old one where nothing was added."""
    old = {entry.site: entry for entry in table}
    made: dict[Site, Known] = {}
    for release, places in found.items():
        for site, count in places.items():
            before = made.get(site)
            most = max(count, before.times if before else 0)
            kept = old.get(site)
            claims = kept.claims if kept is not None and kept.times >= most else ("?",)
            made[site] = Known(site, most, before.first if before else release, release, claims)
    return list(made.values())


def main(argv: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="ledger", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="bring warnings.tsv up to date")
    parser.add_argument("--source", type=Path, metavar="PATH", help="an archive or folder of Django's")
    options = parser.parse_args(argv)
    table = read_table(TABLE.read_text("utf-8")) if TABLE.is_file() else []
    if options.source is not None:
        found = {"": sites(modules_of(options.source))}
    else:
        found = {str(release): sites(modules_of(fetch(release))) for release in RELEASES}
        if options.write:
            TABLE.write_text(write_table(updated(found, table)), "utf-8")
    missing = [(release, site) for release, places in found.items() for site in unclaimed(places, table)]
    for release, site in missing:
        where = f"Django {release}: " if release else ""
        print(
            f"{where}{site.module}: {site.scope or 'the module'} warns of {site.removed}, and no rule claims it"
        )
    print(f"{sum(map(len, found.values()))} places, {len(missing)} of them unclaimed", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
