"""Where a plan starts and ends, if the user does not say."""

from __future__ import annotations

from pathlib import Path

from django_uplift.django.releases import LATEST, Release
from django_uplift.django.target import Target, declared_target, detect, from_release
from django_uplift.project.config import ConfigError, Settings
from django_uplift.project.files import FileStore

Labels = tuple[str, str]


def bounds(
    settings: Settings,
    store: FileStore,
    start: str | None,
    goal: str | None,
    *,
    environment: Path | None = None,
    labels: Labels = ("--from", "--to"),
) -> tuple[Target, Target]:
    """The start and the goal, each as asked for, else as configured, else as found.

    The start is what the project declares to run on; the goal the newest release. Raises `ConfigError` for what is no
    release, for a project that declares no Django, and for a goal below the start.
    """
    end = _asked(goal, labels[1]) or _configured_goal(settings, store) or Target(LATEST, "the newest release")
    begin = _asked(start, labels[0]) or _found_start(settings, store, environment)
    if begin is None:
        raise ConfigError(
            None,
            0,
            f"nothing declares the Django that the project runs on: say it with {labels[0]}, as in 4.2",
        )
    if end.release < begin.release:
        raise ConfigError(
            None,
            0,
            f"there is no way back: the plan would go from Django {begin.release} ({begin.origin}) "
            f"down to {end.release} ({end.origin})",
        )
    return begin, end


def _asked(text: str | None, label: str) -> Target | None:
    if text is None:
        return None
    try:
        return Target(Release.parse(text), label)
    except ValueError as error:
        raise ConfigError(None, 0, f"{label}: {error}") from None


def _configured_goal(settings: Settings, store: FileStore) -> Target | None:
    if settings.target_version is None:
        return None
    return detect(settings, store)


def _found_start(settings: Settings, store: FileStore, environment: Path | None) -> Target | None:
    if (release := from_release(settings)) is not None:
        return Target(release, "from-version")
    return declared_target(settings, store, environment=environment)
