"""Paths as reports show them."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def shown(path: Path) -> str:
    """`path` from the working directory, with slashes; absolute where there is no way (another drive)."""
    text = os.fspath(path)
    if path.is_absolute():
        with contextlib.suppress(ValueError):
            text = os.path.relpath(text)
    return text.replace(os.sep, "/")
