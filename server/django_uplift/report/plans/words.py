"""Sentences that all forms of a plan share."""

from __future__ import annotations

from django_uplift.django.releases import Release
from django_uplift.plan.model import PackageBlocker


def needs(package: PackageBlocker, goal: Release) -> str:
    """What a package lacks for a release of Django."""
    if package.says:
        return f"the installed release {package.says}: look for a newer one"
    if package.needs is not None:
        return f"needs {package.name} ≥ {package.needs}"
    if package.allowed:
        return f"no release known that declares Django {goal}; {package.latest}, the newest, does not rule it out"
    return f"no release known that allows Django {goal}, up to {package.latest}, the newest"


def number(count: int, noun: str) -> str:
    """A number of things: "1 file", "2 files"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
