"""Source files as text: decoding as Python does it, and encoding back to the same bytes."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

# PEP 263: the cookie stands on one of the first two lines, and the first must then be blank or a comment.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")


class DecodeError(ValueError):
    """The bytes are not text in the encoding that they declare. The message says why."""


class Source(NamedTuple):
    """The text of a file, and what is needed to write it back."""

    text: str
    encoding: str = "utf-8"
    bom: bool = False

    def encode(self, text: str) -> bytes:
        """`text` as bytes in this file's encoding. Raises `UnicodeEncodeError`."""
        data = text.encode(self.encoding)
        return codecs.BOM_UTF8 + data if self.bom else data


def decode(data: bytes) -> Source:
    """The text of a Python file, line ends as they are. Raises `DecodeError`."""
    bom = data.startswith(codecs.BOM_UTF8)
    if bom:
        data = data[len(codecs.BOM_UTF8) :]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DecodeError("it is UTF-16, which Python can't read as source: save it as UTF-8")
    encoding = _cookie(data) or "utf-8"
    try:
        codec = codecs.lookup(encoding)
    except LookupError:
        raise DecodeError(f"its coding comment names an unknown encoding, {encoding!r}") from None
    if not codec._is_text_encoding:
        raise DecodeError(f"its coding comment names {encoding!r}, which is not a text encoding")
    if bom and codec.name != "utf-8":
        raise DecodeError(f"it starts with a UTF-8 byte order mark, but its coding comment says {encoding!r}")
    try:
        return Source(data.decode(codec.name), codec.name, bom)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DecodeError(f"line {line} has bytes that are not {encoding}") from None


def _cookie(data: bytes) -> str | None:
    if b"coding" not in data[:400]:
        return None
    for line in re.split(rb"\r\n|\n|\r", data[:2000])[:2]:
        if match := _COOKIE.match(line):
            name = match[1].decode("ascii", "replace")
            return "utf-8" if name.lower().replace("_", "-").startswith("utf-8") else name
        if not _BLANK.match(line):
            return None
    return None


def newline_of(text: str) -> str:
    """The line end that most of `text` uses."""
    crlf = text.count("\r\n")
    lf = text.count("\n") - crlf
    cr = text.count("\r") - crlf
    if crlf > lf and crlf >= cr:
        return "\r\n"
    return "\r" if cr > lf else "\n"
