"""Starts the language server: ``python launch.py bundled|environment [ARGUMENT ...]``.

Extensions can't ship one program for all Pythons, so this finds the packages first. It must be readable to any
Python, since it is what says that one is too old.
"""

# ruff: noqa: UP031, UP036, PTH100, PTH109, PTH117, PTH118, PTH120, RUF005

import os
import sys


def main():
    strategy, arguments = sys.argv[1], sys.argv[2:]
    if sys.version_info < (3, 10):
        sys.stderr.write("Django Uplift needs Python 3.10 or newer, this is %d.%d\n" % sys.version_info[:2])
        return 3
    here = os.path.dirname(os.path.abspath(__file__))
    libraries = os.path.join(here, "libs")
    # Nothing is imported from the folder that we are started in, nor from this one.
    outside = [
        folder for folder in sys.path if os.path.isabs(folder) and not _same(folder, here, os.getcwd())
    ]
    if strategy == "environment":
        sys.path[:] = outside
        if not _has_server():
            sys.stderr.write("this environment has no django-uplift: the bundled one runs\n")
            strategy = "bundled"
    if strategy == "bundled":
        sys.path[:] = [libraries] + outside
    from django_uplift.cli.main import main as run

    return run(["--stdio"] + arguments)


def _same(folder, *others):
    return any(os.path.normcase(folder) == os.path.normcase(other) for other in others)


def _has_server():
    import importlib.util

    try:
        return importlib.util.find_spec("django_uplift.lsp.server") is not None
    except (ImportError, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(main())
