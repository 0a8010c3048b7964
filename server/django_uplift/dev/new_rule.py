"""Writes the two files of a new rule: its module, which declares it, and its page, whose examples are its tests.

Both are complete but for what only the author knows. The examples fail until it is filled in, so that a rule can't be
forgotten half-made.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from string import Template

from django_uplift.django.releases import KNOWN, LATEST, Release

RULES = Path(__file__).resolve().parents[3] / "rules" / "django_uplift_rules"

_CODE = re.compile(r"DU[A-Z]\d{3,4}")
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")

# What each kind is called with, between the code and the versions.
KINDS: dict[str, tuple[str, str]] = {
    "moved-name": ("MovedName", '{"django.old.module.name": "django.new.module.name"},'),
    "moved-module": ("MovedModule", '{"django.old.module": "django.new.module"},'),
    "removed-name": ("RemovedName", '{"django.old.module.name": "do this instead"},'),
    "renamed-keyword": ("RenamedKeyword", '{"django.some.function": {"old": "new"}},'),
    "removed-keyword": (
        "RemovedKeyword",
        '{"django.some.function": {"old": None}},\n    advice="do this instead",',
    ),
    "keyword-only": ("KeywordOnly", '{"django.some.function": (1, ("first", "second"))},'),
    "keyword-value": (
        "KeywordValue",
        '{"django.some.function": {"option": [False]}},\n    advice="leave it out",',
    ),
    "removed-setting": ("RemovedSetting", '{"OLD_SETTING": "do this instead"},'),
    "renamed-setting": ("RenamedSetting", '{"OLD_SETTING": "NEW_SETTING"},'),
    "dotted-path": ("DottedPath", '{"django.old.module.Class": "django.new.module.Class"},'),
    "renamed-method": (
        "RenamedMethod",
        '{"oldName": "newName"},\n    on=("django.db.models.Model",),',
    ),
    "removed-method": (
        "RemovedMethod",
        '{"old_name": "do this instead"},\n    on=("django.db.models.Model",),',
    ),
    "added-parameter": (
        "AddedParameter",
        '{"method": ("request", 3)},\n    on=("django.contrib.admin.ModelAdmin",),',
    ),
    "removed-parameter": (
        "RemovedParameter",
        '{"method": "context"},\n    on=("django.db.models.Field",),',
    ),
    "removed-meta-option": ("RemovedMetaOption", '"old_option",\n    advice="do this instead",'),
}

_MODULE = Template("""\
from django_uplift_rules.kinds import $kind

rule = $kind(
    "$code",
    $arguments
    deprecated_in="$deprecated",
    removed_in="$removed",
    replacement_since="$deprecated",
    link="$link",
)
""")

_PAGE = Template("""\
# $title

## What

What the code does that is reported, in one sentence.

## Why

What goes wrong from which release on, and what the user sees of it.

## Since

Deprecated in Django $deprecated, removed in $removed.

## Example

```python bad django=import
the_old_way()
^^^^^^^^^^^ $code what the message says
```

```python fixed
the_new_way()
```

```python ok django=import
the_new_way()
```

## Fix safety

Safe, because ... or unsafe, because ... or: There is no fix, because ...

## Not reported

What looks alike and is left alone.

## See also

[$features]($link)
""")


class Refused(Exception):
    """The rule can't be made; the message says why."""


def make(
    folder: Path,
    code: str,
    slug: str,
    kind: str,
    *,
    removed: Release = LATEST,
    deprecated: Release | None = None,
) -> tuple[Path, Path]:
    """Write a rule's files into a family's folder. Raises `Refused`, and then nothing is written.

    Without `deprecated` it is taken to be two releases before the removal, as is Django's custom.
    """
    if not _CODE.fullmatch(code):
        raise Refused(f"{code!r} is no code: they look like DUR6101")
    if not _SLUG.fullmatch(slug):
        raise Refused(f"{slug!r} is no slug: lower-case words with dashes")
    if not (folder / "__init__.py").is_file():
        raise Refused(f"there is no family {folder.name!r}: a family is a folder with an __init__.py")
    stem = slug.replace("-", "_")
    module, page = folder / f"{stem}.py", folder / f"{stem}.md"
    for path in (module, page):
        if path.exists():
            raise Refused(f"{path.name} exists already")
    for other in sorted(folder.parent.glob("*/*.py")):
        if f'"{code}"' in other.read_text(encoding="utf-8"):
            raise Refused(f"{code} is {other.stem.replace('_', '-')}'s; codes are never used twice")
    name, arguments = KINDS[kind]
    since = deprecated or KNOWN[max(KNOWN.index(removed) - 2, 0)]
    # The notes of a release that is not out yet don't exist: those that announce the removal do.
    noted, what = (removed, "removed") if removed.is_released else (since, "deprecated")
    link = f"https://docs.djangoproject.com/en/{noted}/releases/{noted}/#features-{what}-in-{noted}"
    link = link[: -len(str(noted))] + str(noted).replace(".", "-")
    values = {"code": code, "deprecated": since, "removed": removed, "link": link}
    module.write_text(_MODULE.substitute(values, kind=name, arguments=arguments), encoding="utf-8")
    title = slug.replace("-", " ").capitalize()
    features = f"Features {what} in {noted}"
    page.write_text(_PAGE.substitute(values, title=title, features=features), encoding="utf-8")
    return module, page


def next_code(root: Path, start: str) -> str:
    """The first code behind those that are in use and start so: of DUR61 perhaps DUR6103."""
    used = {
        match
        for path in root.glob("*/*.py")
        for match in re.findall(rf'"({re.escape(start)}\d{{2}})"', path.read_text(encoding="utf-8"))
    }
    return f"{start}{max((int(code[len(start) :]) for code in used), default=0) + 1:02}"


def _release(text: str) -> Release:
    try:
        return Release.parse(text)
    except ValueError as error:
        raise Refused(str(error)) from None


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(prog="new_rule", description=__doc__)
    parser.add_argument(
        "names",
        nargs="+",
        metavar="[CODE] NAME",
        help="the rule's slug or family/slug, with its code before it",
    )
    parser.add_argument("--kind", choices=sorted(KINDS), default="moved-name")
    parser.add_argument("--family", default="upgrade")
    parser.add_argument(
        "--removed-in",
        default=str(KNOWN[-1]),
        help="the release that removes it: picks the code's first digits where none is given, and is filled in",
    )
    parser.add_argument("--deprecated-in", help="the release that deprecates it, where it is known")
    options = parser.parse_args(arguments)
    *codes, name = options.names
    family, _, slug = name.rpartition("/")
    family = (family or options.family).replace("-", "_")
    try:
        removed = _release(options.removed_in)
        deprecated = _release(options.deprecated_in) if options.deprecated_in else None
        start = f"DUR{removed.major}{removed.minor}"
        if len(codes) > 1:
            raise Refused("give one code and one name")
        code = codes[0].upper() if codes else next_code(RULES, start)
        written = make(
            RULES / family,
            code,
            slug.replace("_", "-"),
            options.kind,
            removed=removed,
            deprecated=deprecated,
        )
    except Refused as error:
        print(f"new_rule: {error}", file=sys.stderr)
        return 2
    for path in written:
        print(path.relative_to(RULES.parents[1]))
    print(f"Fill them in, then run: pytest tests/rules tests/django -k {slug.replace('_', '-')}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
