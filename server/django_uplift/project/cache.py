"""Where things are kept between runs that can be made again: the user's folder for such things."""

from __future__ import annotations

import os
import sys
from pathlib import Path

VARIABLE = "DJANGO_UPLIFT_CACHE_DIR"


def user_folder() -> Path | None:
    """The user's cache folder for us, which need not exist; None where there is none.

    A relative path counts as none: it would lie in the project that is checked, whose files are not to be trusted.
    """
    given = os.environ.get(VARIABLE)
    if given is not None:
        return Path(given) if os.path.isabs(given) else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base, "django-uplift") if os.path.isabs(base) else None
