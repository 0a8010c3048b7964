"""What the packages in a project's virtual environments say of the Django that they are for. Read as text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django_uplift.project.environments import site_packages, virtual_environments
from django_uplift.project.files import FileStore
from django_uplift.project.specifiers import normalise

_CLASSIFIER = r"(?mi)^Classifier:[ \t]*Framework :: Django :: (\d+\.\d+)[ \t]*$"
_REQUIREMENT = r"(?mi)^Requires-Dist:[ \t]*(django(?![\w.-]).*?)[ \t]*$"
_VERSION = r"(?mi)^Version:[ \t]*(\S+)"
_NAME = r"(?mi)^Name:[ \t]*(\S+)"


class ForDjango(NamedTuple):
    """An installed package that says which Django it is for.

    `declares` are the feature releases of its classifiers, `requires` is the PEP 440 specifier of its requirement;
    either may be empty.
    """

    name: str
    version: str
    declares: tuple[str, ...]
    requires: str
    path: Path


def installed_for_django(
    folders: Iterable[Path], store: FileStore, environment: Path | None
) -> Iterator[ForDjango | None]:
    """The packages in the environments that lie in `folders`, and in `environment`; None for one that says nothing."""
    environments: dict[Path, None] = {}
    for folder in folders:
        environments.update(dict.fromkeys(folder / name for name in (".venv", "venv", "env")))
        environments.update(dict.fromkeys(virtual_environments(folder)))
    if environment is not None:
        environments[environment] = None
    for packages in (packages for place in environments for packages in site_packages(place)):
        try:
            folders_of_metadata = sorted(packages.glob("*.dist-info"))
        except OSError:
            continue
        for folder in folders_of_metadata:
            yield None if _is_local(folder, store) else _read(folder / "METADATA", store)


def _is_local(folder: Path, store: FileStore) -> bool:
    """Whether it was installed out of a folder: that is the project itself, or a neighbour (PEP 610)."""
    try:
        return b'"dir_info"' in store.read(folder / "direct_url.json")
    except OSError:
        return False


def _read(path: Path, store: FileStore) -> ForDjango | None:
    try:
        head = store.read(path).decode("utf-8", "replace").replace("\r\n", "\n").partition("\n\n")[0]
    except OSError:
        return None
    name, version = re.search(_NAME, head), re.search(_VERSION, head)
    declares = tuple(re.findall(_CLASSIFIER, head))
    requires = _requirement(head)
    if name is None or version is None or not (declares or requires):
        return None
    return ForDjango(normalise(name[1]), version[1], declares, requires, path)


def _requirement(head: str) -> str:
    """The specifier of the requirement of Django that holds without any extra; empty if there is none."""
    from packaging.requirements import InvalidRequirement, Requirement

    for text in re.findall(_REQUIREMENT, head):
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            continue
        if "extra" not in str(wanted.marker or ""):
            return str(wanted.specifier)
    return ""
