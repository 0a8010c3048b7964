"""The ``django-uplift`` command: reads its options and hands over to one mode.

Startup is a part of every run in CI and at every commit, so that each mode imports what it needs and no more.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from django_uplift.cli.console import Console
from django_uplift.cli.options import Options, parse
from django_uplift.cli.session import config_message
from django_uplift.project.config import ConfigError

OK, FOUND, FAILED, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    try:
        options = parse(argv)
    except SystemExit as leaving:  # argparse's way out, with its text printed.
        return leaving.code if isinstance(leaving.code, int) else FAILED
    console = Console(options.color, quiet=options.quiet, verbose=options.verbose)
    try:
        with console.progress:
            code = _run(options, console)
        sys.stdout.flush()
    except ConfigError as error:
        console.error(config_message(error))
        return FAILED
    except KeyboardInterrupt:
        console.error("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has seen enough. Python would complain at exit when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Exception as error:  # Exit code 1, Python's own, would say that there are findings.
        console.internal_error(error)
        return FAILED
    return code


def _run(options: Options, console: Console) -> int:
    if options.stdio or options.tcp is not None:
        from django_uplift.cli import serve

        return serve.run(options, console)
    if options.explain is not None:
        from django_uplift.cli import explain

        return explain.run(options, console)
    if options.explain_silence is not None:
        from django_uplift.cli import explain_silence

        return explain_silence.run(options, console)
    if options.list_rules:
        from django_uplift.cli import list_rules

        return list_rules.run(options, console)
    if options.show_files or options.show_settings:
        from django_uplift.cli import show

        return show.run(options, console)
    # A tree is many objects that all live until the file is done, and are gone then without a search for garbage
    # (`Tree.release`). At Python's usual pace that search is a fifth of a run's time.
    gc.set_threshold(1_000_000, 20, 100)
    if options.diff:
        from django_uplift.cli import diff

        return diff.run(options, console)
    if options.plan:
        from django_uplift.cli import plan

        return plan.run(options, console)
    from django_uplift.cli import reporting

    return reporting.run(options, console)
