"""Text to tree. Parsing never raises: what can't be parsed comes back as an error with its place."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from typing import NamedTuple

from django_uplift.text.lines import Lines


class SyntaxProblem(NamedTuple):
    """Why a text has no tree. `line` and `column` are 0-based, in characters."""

    message: str
    line: int
    column: int

    def moved(self, by: int) -> SyntaxProblem:
        """The same, some lines further down. Python's messages name lines too."""
        message = _NAMED_LINE.sub(lambda match: f"{match[1]}{int(match[2]) + by}", self.message)
        return SyntaxProblem(message, max(self.line + by, 0), self.column)


_NAMED_LINE = re.compile(r"(\b(?:on|at) line )(\d+)")


class Parsed(NamedTuple):
    """A tree or the reason why there is none."""

    tree: ast.Module | None
    problem: SyntaxProblem | None


def parse(text: str) -> Parsed:
    """The module's tree, by the grammar of the running interpreter."""
    if (at := text.find("\0")) >= 0:
        # Said differently, and mostly without a place, by each Python.
        start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
        line = Lines(text[:at]).line_of(at)
        return Parsed(None, SyntaxProblem("the file contains a NUL byte", line, at - start))
    with warnings.catch_warnings():
        # Invalid escapes in the analysed code warn at each parse; they are not ours to report.
        warnings.simplefilter("ignore")
        try:
            return Parsed(ast.parse(text), None)
        except SyntaxError as error:
            line = max((error.lineno or 1) - 1, 0)
            return Parsed(
                None, SyntaxProblem(error.msg or "invalid syntax", line, max((error.offset or 1) - 1, 0))
            )
        except ValueError as error:  # A lone surrogate, which no file has.
            return Parsed(None, SyntaxProblem(str(error), 0, 0))
        except (RecursionError, MemoryError):
            return Parsed(None, SyntaxProblem("the code is nested too deeply to parse", 0, 0))


# Statements that each Python understands first: PEP 654, 695, 696, 701 and 750.
_NEWER: tuple[tuple[tuple[int, int], re.Pattern[str]], ...] = (
    ((3, 11), re.compile(r"[ \t]*except[ \t]*\*")),
    ((3, 12), re.compile(r"[ \t]*type[ \t]+\w+[ \t]*[=\[]")),
    ((3, 12), re.compile(r"[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+\w+[ \t]*\[")),
    ((3, 12), re.compile(r".*\b(?:[fF][rR]?|[rR][fF])(?:\"[^\"]*\{[^}\"]*\"|'[^']*\{[^}']*')")),
    ((3, 13), re.compile(r"[ \t]*(?:async[ \t]+)?(?:def|class|type)[ \t]+\w+[ \t]*\[[^\]]*=")),
    ((3, 14), re.compile(r".*\b(?:[tT][rR]?|[rR][tT])[\"']")),
)

_SHOWN = 300  # Characters of a line: the shapes take quadratic time.


def explain(text: str, problem: SyntaxProblem) -> str:
    """The problem's message, or what it comes from: syntax newer than the Python that runs us.

    The line is looked at, not parsed by a grammar of newer Pythons: libcst's parser recurses without a limit, and
    hostile code would end the process.
    """
    line = Lines(text).line_text(problem.line)[:_SHOWN]
    running = sys.version_info[:2]
    wanted = next((version for version, shape in _NEWER if running < version and shape.match(line)), None)
    if wanted is None:
        return problem.message
    ours, theirs = (f"Python {major}.{minor}" for major, minor in (running, wanted))
    return f"newer syntax than that of {ours}, on which django-uplift runs: run it on {theirs} or newer"
