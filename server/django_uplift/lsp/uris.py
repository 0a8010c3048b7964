"""URIs of documents, and the files that they stand for."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

_DRIVE = re.compile(r"^/[A-Za-z]:(?=/|$)")


def file_name(uri: str, *, windows: bool = os.name == "nt") -> str | None:
    """The file of a ``file:`` URI as the system spells it; None for all other schemes.

    Colons of drive letters may be percent-encoded (VS Code does so), and a host makes a UNC path.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme.lower() != "file" or not parts.path:
        return None
    # '?' and '#' belong to the name where a client forgot to encode them.
    rest = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    path = unquote(parts.path + rest, errors="surrogateescape")
    host = unquote(parts.netloc)
    if "\0" in path:
        return None
    if host and host.lower() != "localhost":
        path = f"//{host}{path}"
    elif windows and _DRIVE.match(path):
        path = path[1].upper() + path[2:]
    return path.replace("/", "\\") if windows else path


def to_path(uri: str) -> Path | None:
    """The file that a URI stands for; None where it stands for none."""
    name = file_name(uri)
    return None if name is None else Path(name)


def from_path(path: Path) -> str:
    """The ``file:`` URI of a path."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 -- no link is to be followed
    try:
        return absolute.as_uri()
    except UnicodeEncodeError:
        return "file://" + quote(os.fsencode(absolute))


def stand_in(uri: str, folder: Path, suffix: str = ".py") -> Path:
    """A path for a document that is no file: in `folder`, whose settings then hold for it."""
    name = unquote(urlsplit(uri).path).rpartition("/")[2] or "untitled"
    name = re.sub(r"[^\w.-]", "_", name)
    return folder / (name if Path(name).suffix in (suffix, f"{suffix}i") else f"{name}{suffix}")
