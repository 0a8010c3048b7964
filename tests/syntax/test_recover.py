"""One broken statement costs itself, and nothing moves."""

import ast
import inspect
import random

import pytest

from django_uplift.syntax import calls, imports, recover, tree
from django_uplift.syntax.recover import recover as recovered


def names_at(module):
    return {(n.name, n.lineno) for n in ast.walk(module) if isinstance(n, (ast.FunctionDef, ast.ClassDef))}


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("a = 1\nb = = 2\nc = 3\n", ["b = = 2"]),
        ("a = 1\nf(\nc = 3\n", ["f("]),
        ("def f():\n    a = 1\n    b = (\n\ndef g():\n    return 1\n", ["    b = ("]),
        ("def f():\n    x.\n\ndef g():\n    return 1\n", ["    x."]),
        ("class C:\n    def f(self):\n        if x\n        return 2\n\n    def g(self): pass\n", ["        if x"]),
        ("def f(:\n    pass\nx = 1\n", ["def f(:\n    pass"]),
        ("x = 1\n@dec\n\ndef g(): pass\n)\n", [")"]),
        ('def f():\n    """Doc\n\nlines at column 0\n    """\n    return 1\nx = (\n', ["x = ("]),
        ("async def f():\n    await g()\n    for x in\n    await h()\n", ["    for x in"]),
        ("if a:\n    b c\nelse:\n    d\nx = 1\n", ["    b c"]),
        ("def f():\r\n    b c\r\n    d\r\n", ["    b c"]),
    ],
)  # fmt: skip
def test_what_is_left_out(text, broken):
    result = recovered(text)
    assert result is not None
    assert [text[start:end] for start, end in result.broken] == broken


@pytest.mark.parametrize("text", ["a = 1\n", "", "x = '\0'\n"])
def test_nothing_to_mend(text):
    assert recovered(text) is None


@pytest.mark.parametrize("module", [calls, imports, recover, tree], ids=lambda m: m.__name__)
def test_the_other_statements_keep_their_places(module):
    text = inspect.getsource(module)
    whole = names_at(ast.parse(text))
    lines = text.splitlines(keepends=True)
    random_ = random.Random(7)
    for _ in range(25):
        at = random_.randrange(len(lines))
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip(" "))]
        changed = [*lines[:at], f"{indent}x = (\n", *lines[at:]]
        result = recovered("".join(changed))
        if result is None:
            continue  # inside a string or a bracket it may be fine
        left = names_at(result.tree)
        moved = {(name, line if line <= at else line + 1) for name, line in whole}
        assert left <= moved
        broken_lines = sum(text.count("\n", start, end) + 1 for start, end in result.broken)
        if broken_lines <= 1:
            assert left == moved
