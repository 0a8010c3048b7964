"""Where a finding stands in an upgrade: in which app, and which hop of the way to the target it hinders."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django_uplift.django.releases import Release
    from django_uplift.engine.rule import Rule
    from django_uplift.engine.run import Engine
    from django_uplift.project.files import FileStore


class Surroundings(NamedTuple):
    """What holds for all files of a folder."""

    app: str
    way: tuple[Release, ...]
    """The releases from the start to the target, as in a plan; empty where the project is there."""

    def hop(self, rule: Rule) -> list[str] | None:
        """The hop of the way on which what `rule` finds is gone; None where it lies before or beyond."""
        release = rule.removed_in or rule.deprecated_in
        if release is None:
            return None
        hops = ((start, goal) for start, goal in pairwise(self.way) if start < release <= goal)
        return next(([str(start), str(goal)] for start, goal in hops), None)


def surroundings(folder: Path, engine: Engine, store: FileStore, root: Path | None) -> Surroundings:
    """Those of a folder. `root` is what the editor has open, below which apps are named."""
    from django_uplift.django.target import declared_target, from_release
    from django_uplift.plan.apps import app_of, is_app
    from django_uplift.plan.route import route
    from django_uplift.project.config import ConfigError

    project = engine.project_of(folder / "any.py")
    settings, goal = project.settings, project.target.release
    try:
        declared = declared_target(settings._replace(target_version=None), store)
        start = from_release(settings) or (declared.release if declared is not None else goal)
    except ConfigError:
        start = goal
    hops = route(start, goal)
    app = app_of(folder, root or settings.root, lambda candidate: is_app(candidate, store))
    return Surroundings(app, (start, *hops) if hops else ())
