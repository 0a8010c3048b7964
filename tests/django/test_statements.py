"""The fixes of varied statements: they are what an expert writes, and under real Django they do the same."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from django_uplift.engine.registry import load
from django_uplift.engine.run import Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from tests.django import envs
from tests.django.verify import PROJECT, Django

TARGETS = ("4.2", "5.2")
# An example has a time limit, and each function of it starts a process.
AT_ONCE = 12


class Statement(NamedTuple):
    """A function's body before and after; `older` is for Django 4.2."""

    before: str
    after: str
    older: str = ""


_, _HEAD, *_BLOCKS = (
    Path(__file__).with_name("statements.txt").read_text(encoding="utf-8").rstrip("\n").split("\n===\n")
)
HEAD = f"{_HEAD}\n"
STATEMENTS = [Statement(*re.split(r"\n---(?: 4\.2)?\n", block)) for block in _BLOCKS]


def module(bodies: list[str]) -> str:
    """A module with a view for each body."""
    views = [
        f"\n\nasync def view_{number}(request):\n{textwrap.indent(body, '    ')}\n"
        for number, body in enumerate(bodies)
    ]
    return HEAD + "".join(views)


def fixed(root: Path, target: str, bodies: list[str]) -> list[str]:
    """The bodies after all fixes, with the imports that they need in front of the first."""
    (root / "shop").mkdir(exist_ok=True)
    (root / "shop" / "__init__.py").write_text("", encoding="utf-8")
    models = (PROJECT / "shop" / "models.py").read_text(encoding="utf-8")
    (root / "shop" / "models.py").write_text(models, encoding="utf-8")
    engine = Engine(load(), Workspace(FileStore(), {"target_version": target}, isolated=True, base=root))
    text = engine.fix_text(root / "views.py", module(bodies), unsafe=True).text
    head, *views = re.split(r"(?m)^async def view_\d+\(request\):\n", text)
    return [head, *(textwrap.dedent(view).strip("\n") for view in views)]


def wanted(statement: Statement, target: str) -> str:
    """What an expert writes for a target."""
    return statement.older if target == "4.2" and statement.older else statement.after


@pytest.fixture(scope="module", params=TARGETS)
def target(request: pytest.FixtureRequest) -> str:
    """A release that the fixes are for."""
    return str(request.param)


def test_the_fix_is_the_experts(tmp_path: Path, target: str) -> None:
    """All statements at once, in one file."""
    _, *bodies = fixed(tmp_path, target, [statement.before for statement in STATEMENTS])
    wrong = [
        f"{statement.before}\n  gives {body}\n  not   {wanted(statement, target)}"
        for statement, body in zip(STATEMENTS, bodies, strict=True)
        if body != wanted(statement, target)
    ]
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.django
def test_django_agrees(tmp_path: Path, target: str) -> None:
    """The sync statements, where Django lets them run, and their fixes have the same results."""
    django = Django(target)
    try:
        for number in range(0, len(STATEMENTS), AT_ONCE):
            before = [statement.before for statement in STATEMENTS[number : number + AT_ONCE]]
            head, *bodies = fixed(tmp_path, target, before)
            after = head.rstrip() + "\n" + module(bodies)[len(HEAD) :]
            old = results(django, module(before), allow_unsafe=True)
            new = results(django, after)
            assert len(old) == len(before)
            assert dict(zip(bodies, new, strict=True)) == dict(zip(bodies, old, strict=True))
    except envs.Unavailable as error:
        if envs.required():
            raise
        pytest.skip(f"NOT TRIED: {error}")
    finally:
        django.close()


def results(django: Django, text: str, **more: Any) -> list[str]:
    """What the views give, or the errors that they end in."""
    result = django.run({"mode": "async", "files": {"views.py": text}, "path": "views.py", **more})
    assert result["exception"] is None, result["exception"]
    return list(_results(result["calls"]))


def _results(calls: list[dict[str, Any]]) -> Iterator[str]:
    for call in calls:
        error = call["exception"]
        yield f"{error['type']}: {error['message']}" if error else str(call["result"])
