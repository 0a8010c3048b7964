"""``--explain-silence FILE:LINE``: why nothing is reported there."""

from __future__ import annotations

from pathlib import Path

from django_uplift.cli.console import Console
from django_uplift.cli.options import Options
from django_uplift.cli.session import Session
from django_uplift.project.config import ConfigError


def run(options: Options, console: Console) -> int:
    """Print what the analysis of async code knows of a line. Raises `ConfigError` for a place that there is not."""
    place = options.explain_silence or ""
    name, colon, number = place.rpartition(":")
    if not colon or not number.isdecimal() or int(number) < 1:
        raise ConfigError(None, 0, f"--explain-silence: {place!r} is not FILE:LINE, such as shop/views.py:12")
    path = Path(name)
    if not path.is_file():
        raise ConfigError(None, 0, f"--explain-silence: there is no file {name!r}")
    session = Session(options, console)
    text = session.engine.explain_silence(path.absolute(), int(number))
    console.write([text.rstrip() + "\n"])
    return 2 if session.failed else 0
