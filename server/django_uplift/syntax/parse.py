"""Text to tree. Parsing never raises: what can't be parsed comes back as an error with its place."""

from __future__ import annotations

import ast
import sys
import warnings
from typing import NamedTuple


class SyntaxProblem(NamedTuple):
    """Why a text has no tree. `line` and `column` are 0-based, in characters."""

    message: str
    line: int
    column: int


class Parsed(NamedTuple):
    """A tree or the reason why there is none."""

    tree: ast.Module | None
    problem: SyntaxProblem | None


def parse(text: str) -> Parsed:
    """The module's tree, by the grammar of the running interpreter."""
    with warnings.catch_warnings():
        # Invalid escapes in the analysed code warn at each parse; they are not ours to report.
        warnings.simplefilter("ignore")
        try:
            return Parsed(ast.parse(text), None)
        except SyntaxError as error:
            line = max((error.lineno or 1) - 1, 0)
            return Parsed(None, SyntaxProblem(error.msg or "invalid syntax", line, max((error.offset or 1) - 1, 0)))
        except ValueError as error:
            # "source code string cannot contain null bytes" is a ValueError before 3.12.
            at = text.find("\0")
            line = text.count("\n", 0, max(at, 0))
            column = at - (text.rfind("\n", 0, at) + 1) if at >= 0 else 0
            message = "the file contains a NUL byte" if at >= 0 else str(error)
            return Parsed(None, SyntaxProblem(message, line, column))
        except (RecursionError, MemoryError):
            return Parsed(None, SyntaxProblem("the code is nested too deeply to parse", 0, 0))


def explain(text: str, problem: SyntaxProblem) -> str:
    """The problem's message, or what it comes from: syntax newer than the Python that runs us.

    Asks libcst, whose grammar does not depend on the interpreter's; slow, so for reports and not for typing.
    """
    import libcst

    try:
        libcst.parse_module(text)
    except Exception:  # libcst raises errors of its own kinds, and panics of its parser, for broken code
        return problem.message
    ours = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    return f"newer syntax than that of {ours}, on which django-uplift runs: run it on a newer Python"
