"""``--plan``: what a jump to another Django takes, hop by hop."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from django_uplift.cli.console import Console
from django_uplift.cli.options import Options
from django_uplift.cli.reporting import exit_code
from django_uplift.cli.session import Session, active_environment
from django_uplift.django.target import Target
from django_uplift.plan.bounds import bounds
from django_uplift.plan.build import Request
from django_uplift.plan.model import Plan
from django_uplift.plan.survey import Survey
from django_uplift.project.config import Settings
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from django_uplift.report import plans
from django_uplift.report.paths import shown
from django_uplift.report.style import PLAIN


class _Way(NamedTuple):
    settings: Settings
    start: Target
    goal: Target


def run(options: Options, console: Console) -> int:
    """Make the plan, write it, and return the exit code: 1 if anything stands in the way."""
    way = _way(options)
    # One run, checked for the goal, finds what every release on the way drops.
    options.target_version = str(way.goal.release)
    session = Session(options, console)
    plan = _plan(session, way)
    render = plans.load(options.output_format)
    if options.output_file is None:
        console.write([render(plan, console.style)])
    else:
        try:
            Path(options.output_file).write_text(render(plan, PLAIN), "utf-8", errors="backslashreplace")
        except OSError as error:
            console.error(f"{options.output_file}: the plan can't be written: {error.strerror or error}")
            return 2
        console.note(f"{options.output_file}: written")
    return exit_code(session, found=not plan.is_clear)


def _way(options: Options) -> _Way:
    """Where the way starts and ends, as the project of the first path has it."""
    store = FileStore()
    environment = active_environment()
    workspace = Workspace(
        store,
        config=None if options.config is None else Path(options.config),
        isolated=options.isolated,
        base=Path.cwd(),
        environment=environment,
    )
    first = Path(options.paths[0] if options.paths else ".").absolute()
    settings = workspace.settings_for(first)
    goal = options.plan_to or options.target_version
    label = "--to" if options.plan_to or not options.target_version else "--target-version"
    start, end = bounds(
        settings, store, options.plan_from, goal, environment=environment, labels=("--from", label)
    )
    return _Way(settings, start, end)


def _plan(session: Session, way: _Way) -> Plan:
    console, options, root = session.console, session.options, way.settings.root
    paths = session.files()
    for result in session.unreached():
        console.warning(f"{result.shown}: {result.findings[0].message}")
    request = Request(shown(root), way.start, way.goal, _selection(options), tuple(options.paths or ["."]))
    survey = Survey(request, root, paths, shown, session.rule_failed)
    for done, path in enumerate(paths):
        console.progress.show(done, len(paths), "Read")
        project = session.project_of(path)
        if project is None:
            continue
        try:
            checked = session.engine.check(path)
        except Exception as error:  # Analysis raises for no input; if it does, the other files go on.
            session.file_failed(path, error)
            continue
        survey.add(checked, project.settings.root)
    console.progress.say("Reading what the project declares")
    for _ in survey.read(session.workspace.store, session.workspace.environment):
        pass
    return survey.finish()


def _selection(options: Options) -> tuple[str, ...]:
    """The options that chose the rules, for the commands of the plan."""
    chosen = (
        ("--select", options.select),
        ("--ignore", options.ignore),
        ("--extend-select", options.extend_select),
    )
    return tuple(word for name, rules in chosen if rules for word in (name, ",".join(rules)))
