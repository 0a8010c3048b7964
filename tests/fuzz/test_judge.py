"""The judge, judged: programs whose verdicts are known, and the comparison with the product's findings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pytest

from tests.django import envs
from tests.fuzz import verdicts
from tests.fuzz.compare import Alarm, Outcome, Statements, compare, score
from tests.fuzz.draft import Program
from tests.fuzz.verdicts import Judge, Place, Verdict

IMPORTS = """\
import asyncio
from asgiref.sync import async_to_sync, sync_to_async
from django.core.exceptions import SynchronousOnlyOperation
from market.models import Customer, Order, Voucher
"""

# Name: the program, the line that raises (from its own first line; None if none does), and the result.
KNOWN: dict[str, tuple[str, int | None, str | None]] = {
    "a query": ("async def main():\n    return Order.objects.count()", 2, "6"),
    "nothing but a queryset": ("async def main():\n    return Order.objects.filter(pk=1)", None, "[Order#1]"),
    "the right way": ("async def main():\n    return await Order.objects.acount()", None, "6"),
    "a statement of several lines": (
        "async def main():\n    return [\n        1,\n        Order.objects.count(),\n    ]",
        4,
        "[1, 6]",
    ),
    "a helper": (
        "def total():\n    return Order.objects.count()\n\nasync def main():\n    return total()",
        5,
        "6",
    ),
    "the innermost asynchronous frame": (
        "async def inner(order):\n    return order.customer.name\n\n"
        "async def main():\n    return await inner(await Order.objects.aget(pk=1))",
        2,
        "'Grace'",
    ),
    "a relation that is on board": (
        'async def main():\n    order = await Order.objects.select_related("customer").aget(pk=1)\n'
        "    return order.customer.name",
        None,
        "'Grace'",
    ),
    "a thread": ("async def main():\n    return await sync_to_async(Order.objects.count)()", None, "6"),
    "a loop in a thread": (
        "async def inner():\n    return Order.objects.count()\n\n"
        "async def main():\n    return await sync_to_async(async_to_sync(inner))()",
        2,
        "6",
    ),
    "an exception that is swallowed": (
        "async def main():\n    try:\n        return Order.objects.count()\n    except Exception:\n        return 0",
        3,
        "6",
    ),
    "the result cache": (
        "async def main():\n    rows = Order.objects.all()\n    async for row in rows:\n        pass\n"
        "    return len(rows)",
        None,
        "6",
    ),
    "a function that is not called": (
        "async def main():\n    def inner():\n        return Order.objects.count()\n    return 1",
        None,
        "1",
    ),
    "a generator that nobody consumes": (
        "async def main():\n    return (Order.objects.count() for _ in range(2))",
        None,
        "<iterator>",
    ),
    "an empty result": ("async def main():\n    return Order.objects.none().count()", None, "0"),
    "a default that queries": ('async def main():\n    return Voucher(code="x").number', 2, "2"),
    "two places": (
        "async def main():\n    try:\n        Order.objects.count()\n    except SynchronousOnlyOperation:\n"
        "        pass\n    return Customer.objects.count()",
        3,
        "3",
    ),
}


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """One that remembers nothing."""
    try:
        yield Judge("5.2", remember=False)
    except envs.Unavailable as error:
        if envs.required():
            raise
        pytest.skip(f"NOT TRIED: {error}")


def program(name: str, code: str) -> tuple[str, dict[str, str]]:
    """A program's module and files."""
    return f"programs.{name}", {f"programs/{name}.py": IMPORTS + textwrap.dedent(code) + "\n"}


@pytest.mark.django
def test_known_verdicts(judge: Judge) -> None:
    """Each is what the oracle says."""
    found = judge.judge(program(f"p{number}", code) for number, (code, _, _) in enumerate(KNOWN.values()))
    before = IMPORTS.count("\n")
    for (name, (_, line, result)), verdict in zip(KNOWN.items(), found, strict=True):
        got = verdict.places[0].line - before if verdict.places else None
        assert (verdict.kind, got) == ("completes" if line is None else "raises", line), f"{name}: {verdict}"
        assert verdict.result == result, name


@pytest.mark.django
def test_programs_that_fail_or_hang_are_set_aside(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next ones are judged all the same."""
    monkeypatch.setattr(verdicts, "PATIENCE", 3)
    codes = {
        "fails": "async def main():\n    return 1 / 0",
        "no_such_name": "from market.models import Nothing\n\nasync def main():\n    return 1",
        "hangs": "import time\n\nasync def main():\n    time.sleep(600)",
        "dies": "import os\n\nasync def main():\n    os._exit(3)",
        "query": KNOWN["a query"][0],
    }
    found = judge.judge(program(name, code) for name, code in codes.items())
    assert [verdict.kind for verdict in found] == ["error", "error", "error", "error", "raises"]
    assert (found[0].error or "").startswith("ZeroDivisionError")
    assert found[2].error == found[3].error == "it hangs or dies"


@pytest.mark.django
def test_programs_do_not_see_each_other(judge: Judge) -> None:
    """The database and the content types are put back."""
    change = (
        "async def main():\n    await Order.objects.all().adelete()\n    Voucher.objects.create(number=1)"
    )
    content = (
        "from django.contrib.contenttypes.models import ContentType\n\n"
        "async def main():\n    return ContentType.objects.get_for_model(Order).model"
    )
    cached = (
        "from django.core.cache import cache\n\nasync def main():\n"
        "    return cache.get_or_set('a', Order.objects.count)"
    )
    codes = [
        change,
        "async def main():\n    return await Order.objects.acount()",
        content,
        content,
        cached,
        cached,
    ]
    found = judge.judge(program(f"q{number}", code) for number, code in enumerate(codes))
    assert [verdict.kind for verdict in found] == ["raises", "completes", *["raises"] * 4]
    assert found[1].result == "6"


@pytest.mark.django
def test_verdicts_are_remembered_by_content(judge: Judge) -> None:
    """Another text is another program."""
    one, two = (
        program("same", "async def main():\n    return 1"),
        program("same", "async def main():\n    return 2"),
    )
    assert [verdict.result for verdict in judge.judge([one, two, one])] == ["1", "2", "1"]


# The comparison, without Django

TEXT = """\
async def work(order):
    first = order.status
    return [
        order.customer.name,
        first,
    ]


async def main():
    for row in rows():
        other(row)
"""


class Said:
    """Stands for the product: says what it is told."""

    def __init__(self, *lines: int, code: str = "DUA103") -> None:
        self.said = tuple(Alarm("programs/x.py", line, line, code, "") for line in lines)

    def alarms(self, path: str) -> tuple[Alarm, ...]:
        """All of them."""
        return self.said if path == "programs/x.py" else ()


def outcome(verdict: Verdict, *lines: int, undecidable: str = "") -> Outcome:
    """The outcome of one program, with alarms on lines."""
    made = Program("x", {"programs/x.py": TEXT}, {}, undecidable)
    return compare(made, verdict, Said(*lines))  # type: ignore[arg-type]


def raising(line: int) -> Verdict:
    """It raises there."""
    return Verdict("raises", (Place("programs/x.py", line),), (Place("programs/x.py", line),))


def test_alarms_belong_to_the_statement() -> None:
    """On any line of it, but not on another statement, nor in a block's body for its head."""
    assert outcome(raising(3), 4).kind == "caught"
    assert outcome(raising(4), 4).kind == "caught"
    assert outcome(raising(4), 2).kind == "missed"
    assert outcome(raising(4)).kind == "missed"
    assert outcome(raising(10), 11).kind == "missed"
    assert outcome(raising(11), 10).kind == "missed"


def test_alarms_on_harmless_lines_are_false() -> None:
    """Also where another line raises; what would have run later is not known."""
    assert outcome(Verdict("completes"), 4).kind == "false"
    assert outcome(Verdict("completes")).kind == "silent"
    assert [alarm.line for alarm in outcome(raising(4), 2, 4).wrong] == [2]
    assert not outcome(raising(4), 4, 11).wrong


def test_what_says_nothing_is_left_out() -> None:
    """Programs that fail, and those that can't be known."""
    assert outcome(Verdict("error"), 4).kind == "left out"
    assert outcome(raising(4), undecidable="the row decides").kind == "left out"


def test_scores() -> None:
    """Recall of programs that raise, precision of programs with alarms."""
    counts = score(
        [
            outcome(raising(4), 4),
            outcome(raising(4), 2, 4),
            outcome(raising(4)),
            outcome(Verdict("completes"), 4),
            outcome(Verdict("completes")),
            outcome(Verdict("error"), 4),
        ]
    )
    assert (counts.caught, counts.missed, counts.false, counts.silent) == (2, 1, 2, 1)
    assert counts.recall == pytest.approx(2 / 3)
    assert counts.precision == pytest.approx(2 / 4)


def test_statements() -> None:
    """Heads of blocks end where their bodies start; classes run whole; decorators belong to what they decorate."""
    statements = Statements(
        "@mark\ndef f(\n    a=1,\n):\n    return 1\n\n\nclass C:\n    x = 1\n\n    y = 2\n\n"
        "try:\n    pass\nexcept ValueError:\n    match f():\n        case 1:\n            pass\n"
    )
    assert statements.span(1) == (1, 4)
    assert statements.span(3) == (1, 4)
    assert statements.span(8) == (8, 11)
    assert statements.span(9) == (9, 9)
    assert statements.span(14) == (14, 14)
    assert statements.span(16) == (16, 16)
