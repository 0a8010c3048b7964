"""Paths as reports show them."""

from __future__ import annotations

import os
from pathlib import Path


def shown(path: Path) -> str:
    """`path` from the working directory, with slashes; absolute where there is no way (another drive)."""
    text = os.fspath(path)
    try:
        # Walks from "." yield relative paths: most need no look at the working directory.
        if os.path.isabs(text) or text.startswith("."):
            text = os.path.relpath(text)
        else:
            text = os.path.normpath(text)
    except ValueError:
        pass
    return text.replace(os.sep, "/")
