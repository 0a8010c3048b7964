"""One run for a plan. The front ends choose the files and check them, this takes in what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django_uplift.django.target import requirement_folders
from django_uplift.engine.run import Checked
from django_uplift.plan.apps import Apps
from django_uplift.plan.blockers import Declarations, Statement, read_declarations
from django_uplift.plan.build import Request, build
from django_uplift.plan.collect import Collector, RuleError
from django_uplift.plan.model import Plan
from django_uplift.plan.route import route
from django_uplift.project.files import FileStore


class Survey:
    """Takes the files of one run, checked for the plan's goal, and makes the plan.

    `root` is the project that is planned for, `paths` are all files that will come, `shown` writes a path as the plan's
    readers should see it, and `on_error` is told of rules that fail while a fix is tried.
    """

    def __init__(
        self,
        request: Request,
        root: Path,
        paths: Iterable[Path],
        shown: Callable[[Path], str],
        on_error: RuleError,
    ) -> None:
        self._request, self._root, self._shown = request, root, shown
        self._stops = (request.start.release, *route(request.start.release, request.goal.release))
        self._collector = Collector(self._stops, Apps(root, paths), shown, on_error)
        self._others: dict[Path, None] = {}
        self._declared: list[Statement | None] = []

    def add(self, checked: Checked, project: Path) -> None:
        """Take in one file, of the project with this root."""
        if project != self._root:
            self._others[project] = None
        self._collector.add(checked)

    def read(self, store: FileStore, environment: Path | None) -> Iterator[None]:
        """Read what the project declares, once all files are there, a little at each step."""
        inside = [other for other in self._others if other.is_relative_to(self._root)]
        folders = [*dict.fromkeys([*requirement_folders(self._root), *inside])]
        for statement in read_declarations(folders, store, environment):
            self._declared.append(statement)
            yield

    def finish(self) -> Plan:
        """The plan."""
        notes = tuple(
            f"{self._shown(other)} is a project of its own. It is planned from Django {self._request.start.release}, "
            "like the rest."
            for other in self._others
        )
        request = self._request._replace(notes=(*self._request.notes, *notes))
        declarations = Declarations.of(self._declared)
        return build(request, self._stops, self._collector, declarations, self._shown)
