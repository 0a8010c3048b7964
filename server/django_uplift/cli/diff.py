"""``--diff``: what ``--fix`` would write, as a patch that ``git apply`` takes, and nothing written."""

from __future__ import annotations

import sys

from django_uplift.cli.console import Console
from django_uplift.cli.fix import Repaired, repair
from django_uplift.cli.options import Options
from django_uplift.cli.reporting import exit_code
from django_uplift.cli.session import Session
from django_uplift.report.paths import shown
from django_uplift.report.style import Style, clean
from django_uplift.text.edits import unified_diff

_BOM = "\ufeff"


def run(options: Options, console: Console) -> int:
    """Print the patch; 1 if it isn't empty."""
    session = Session(options, console)
    paths = [session.stdin()] if options.paths == ["-"] else session.files()
    for result in session.unreached():
        console.warning(f"{result.shown}: {result.findings[0].message}")
    changed = fixed = 0
    for done, path in enumerate(paths):
        console.progress.show(done, len(paths), "Checked")
        project = session.project_of(path)
        if project is None:
            continue
        try:
            checked = session.engine.check(path)
            repaired = repair(session, checked, project)
        except Exception as error:  # Analysis raises for no input; if it does, the other files go on.
            session.file_failed(path, error)
            continue
        session.warn_unchecked(checked)
        if repaired is not None:
            changed += 1
            fixed += repaired.fixed.total()
            _show(repaired, shown(path), console)
    if not options.quiet:
        findings = "finding" if fixed == 1 else "findings"
        files = "file" if changed == 1 else "files"
        made = (
            f"--fix would fix {fixed} {findings} in {changed} {files}"
            if changed
            else "--fix would change nothing"
        )
        console.say(f"{made} ({len(paths)} checked).")
    return exit_code(session, found=changed > 0)


def _show(repaired: Repaired, path: str, console: Console) -> None:
    source = repaired.source
    mark = _BOM if source.bom else ""
    patch = unified_diff(mark + source.text, mark + repaired.text, path)
    if sys.stdout.isatty() or console.style.enabled:
        console.write(f"{_colored(line, console.style)}\n" for line in patch.removesuffix("\n").split("\n"))
    else:
        # In the file's own encoding, or the patch would not apply.
        console.write_bytes(patch.encode(source.encoding, "surrogateescape"))


def _colored(line: str, style: Style) -> str:
    line = clean(line)
    if line.startswith(("+++", "---")):
        return style(line, "bold")
    looks = {"+": "green", "-": "red", "@": "cyan"}
    return style(line, looks[line[0]]) if line[:1] in looks else line
