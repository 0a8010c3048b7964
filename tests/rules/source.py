"""What the tests compare of two texts."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter


def comments(text: str) -> Counter[str]:
    """The comments of a text, each with its number."""
    reading = io.StringIO(text, newline="").readline
    try:
        tokens = list(tokenize.generate_tokens(reading))
    except (tokenize.TokenError, SyntaxError) as error:
        raise AssertionError(f"the text has no tokens: {error}\n{text}") from error
    return Counter(token.string.strip() for token in tokens if token.type == tokenize.COMMENT)


def lost_comments(before: str, after: str) -> Counter[str]:
    """The comments that `after` lacks."""
    return comments(before) - comments(after)


def shape(text: str) -> str:
    """The tree of a text, without places."""
    return ast.dump(ast.parse(text))


def parses(text: str) -> str | None:
    """Why a text does not parse; None if it does."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError) as error:
        return f"{error}\n{text}"
    return None


def squeezed(code: str) -> str:
    """Code without its layout: no comments, blanks, continuations, trailing commas or redundant line ends."""
    code = re.sub(r"#[^\r\n]*", "", code)
    return re.sub(r",(?=[)\]}])", "", re.sub(r"[\s\\]+", "", code))
