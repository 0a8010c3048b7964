"""``--show-files`` and ``--show-settings``: why a run does what it does."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django_uplift.cli.console import Console
from django_uplift.cli.options import Options
from django_uplift.cli.session import Session
from django_uplift.engine.run import Project
from django_uplift.project.config import OPTIONS, Facts
from django_uplift.report.paths import shown


def run(options: Options, console: Console) -> int:
    """Print the files, or the settings of each project among them."""
    session = Session(options, console)
    paths = session.files()
    for result in session.unreached():
        console.warning(f"{result.shown}: {result.findings[0].message}")
    if options.show_files:
        names = [shown(path) for path in paths]
        if options.output_format == "json":
            console.write([json.dumps(names, indent=2) + "\n"])
        else:
            console.write(f"{name}\n" for name in names)
    else:
        found = {id(project): project for path in paths if (project := session.project_of(path)) is not None}
        projects = list(found.values())
        if options.output_format == "json":
            console.write([json.dumps([dict(_values(project)) for project in projects], indent=2) + "\n"])
        else:
            console.write("\n".join(_block(project, console) for project in projects))
    return 2 if session.failed else 0


def _values(project: Project) -> Iterator[tuple[str, object]]:
    settings = project.settings
    yield "root", shown(settings.root)
    yield "configuration", None if settings.origin is None else shown(settings.origin)
    yield "target", str(project.target.release)
    yield "target-origin", project.target.origin
    yield "rules", sorted(rule.code for rule in project.rules)
    for option in OPTIONS:
        value = getattr(settings, option.field)
        yield option.name, value._asdict() if isinstance(value, Facts) else value


def _block(project: Project, console: Console) -> str:
    settings, style = project.settings, console.style
    lines = []
    for name, value in _values(project):
        text = f"{len(project.rules)} rules" if name == "rules" else json.dumps(value)
        note = ""
        option = name if name in {option.name for option in OPTIONS} else ""
        if option in settings.sources:
            note = f"  # {settings.sources[option]}"
        elif (option,) in settings.lines and settings.origin is not None:
            note = f"  # {shown(settings.origin)}:{settings.lines[option,]}"
        lines.append(f"{style(name, 'cyan')} = {text}{style(note, 'dim')}\n")
    return "".join(lines)
