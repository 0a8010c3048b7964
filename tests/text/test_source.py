"""Files decode as Python decodes them, and encode back to the same bytes."""

import ast

import pytest

from django_uplift.text.source import DecodeError, decode, newline_of

BOM = b"\xef\xbb\xbf"


@pytest.mark.parametrize(
    "data",
    [
        b"x = 1\r\ny = 2\r",
        BOM + b"x = 1\n",
        BOM + b"# coding: utf-8\nx = 1\n",
        "# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"),
        "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '€'\n".encode("cp1252"),
        "\n# coding=koi8-r\nx = 'да'\n".encode("koi8-r"),
        "x = '🎉'\f\n".encode(),
        b"",
    ],
)
def test_bytes_survive(data):
    source = decode(data)
    assert source.encode(source.text) == data
    if data:
        ast.parse(data)  # Python agrees that it is source


def test_a_cookie_counts_on_the_first_two_lines_only():
    assert decode(b"x = 1\n# coding: latin-1\n").encoding == "utf-8"
    assert decode(b"\n\n# coding: latin-1\n").encoding == "utf-8"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"# coding: klingon\n", "unknown encoding, 'klingon'"),
        (b"# coding: rot13\n", "not a text encoding"),
        (b"ok = 1\nx = '\xff'\n", "line 2 has bytes that are not utf-8"),
        (BOM + b"# coding: latin-1\n", "byte order mark"),
        ("x = 1\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_undecodable_bytes_say_why(data, message):
    with pytest.raises(DecodeError, match=message):
        decode(data)


@pytest.mark.parametrize(
    ("text", "newline"), [("a\r\nb\r\nc\n", "\r\n"), ("a\nb\r\n\n", "\n"), ("a\rb\r", "\r"), ("a", "\n")]
)
def test_the_prevailing_line_end(text, newline):
    assert newline_of(text) == newline
