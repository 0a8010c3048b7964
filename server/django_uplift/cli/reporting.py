"""What ``--check`` and ``--fix`` share: results to a report, the report to its place, the exit code."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from django_uplift.cli import check
from django_uplift.cli.console import Console
from django_uplift.cli.options import Options
from django_uplift.cli.session import Session
from django_uplift.report import formats
from django_uplift.report.results import View
from django_uplift.report.style import PLAIN


def run(options: Options, console: Console) -> int:
    """Check (and fix), report, and return the exit code."""
    session = Session(options, console)
    if options.fix:
        from django_uplift.cli import fix

        results = fix.results(session)
    else:
        results = check.results(session)
    style = PLAIN if options.output_file is not None else console.style
    view = View(session.totals, style, options.quiet, session.rule_failed)
    form = formats.load(options.output_format)

    def report() -> Iterator[str]:
        if options.statistics:
            deque(results, maxlen=0)
            yield from form.statistics(view)
        else:
            yield from form.render(results, view)

    if options.output_file is not None:
        # Written when the run is over: the file may lie in the checked tree, or be read meanwhile.
        text = "".join(report())
        try:
            Path(options.output_file).write_text(text, "utf-8", errors="backslashreplace")
        except OSError as error:
            console.error(f"{options.output_file}: the report can't be written: {error.strerror or error}")
            return 2
    elif options.fix and options.paths == ["-"]:
        # Standard output is for the text.
        console.write(report(), sys.stderr)
    else:
        console.write(report())
    return exit_code(session, found=session.totals.failing)


def exit_code(session: Session, *, found: bool) -> int:
    """2 if anything failed, 1 if anything was found, else 0."""
    if session.failed:
        return 2
    return 1 if found and not session.options.exit_zero else 0
