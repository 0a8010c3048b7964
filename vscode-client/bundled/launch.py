"""Starts the language server: ``python launch.py bundled|environment [ARGUMENT ...]``.

Extensions can't ship one program for all Pythons, so this finds the packages first. It must be readable to any
Python, since it is what tells the client that one is too old.
"""

# ruff: noqa: UP031, UP036, PTH100, PTH109, PTH117, PTH118, PTH120, RUF005

import os
import sys


def main():
    strategy, arguments = sys.argv[1], sys.argv[2:]
    here = os.path.dirname(os.path.abspath(__file__))
    libraries = os.path.join(here, "libs")
    # Nothing is imported from the folder that we are started in, nor from this one.
    sys.path[:] = [
        folder for folder in sys.path if os.path.isabs(folder) and not _same(folder, here, os.getcwd())
    ]
    usable = sys.version_info >= (3, 10)
    _greet(usable)
    if not usable:
        return 3  # The client says it, in the user's language.
    if strategy == "environment" and not _has_server():
        sys.stderr.write("this environment has no django-uplift: the bundled one runs\n")
        strategy = "bundled"
    if strategy == "bundled":
        sys.path.insert(0, libraries)
    from django_uplift.cli.main import main as run

    return run(["--stdio"] + arguments)


def _greet(usable):
    """Tell the client which Python this is, so that it need not ask before it starts us."""
    import json

    about = {
        "python": "%d.%d.%d" % sys.version_info[:3],
        "usable": usable,
        "executable": sys.executable or "",
    }
    sys.stderr.write(json.dumps(about) + "\n")
    sys.stderr.flush()


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
