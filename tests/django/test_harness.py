"""The harness itself: it must be able to fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from django_uplift.engine.pages import parse_page
from tests.django import envs
from tests.django.verify import Django, Versions, verify

pytestmark = pytest.mark.django
UTC = Versions(deprecated=(4, 1), removed=(5, 0), replacement=(1, 11))
ASYNC = Versions()


@pytest.fixture(scope="module")
def djangos() -> Iterator[dict[str, Django]]:
    runners = {release: Django(release) for release in ("4.2", "5.2")}
    try:
        for release in runners:
            envs.environment(release)
    except envs.Unavailable as error:
        if envs.required():
            raise
        pytest.skip(f"NOT TRIED: {error}")
    yield runners
    for runner in runners.values():
        runner.close()


def problems(djangos: dict[str, Django], body: str, versions: Versions, release: str) -> list[str]:
    """What is wrong with a page of these examples."""
    return list(
        verify(parse_page(f"# A page\n\n## Example\n{body}"), versions, release, djangos[release].run)
    )


def block(info: str, *lines: str) -> str:
    return "\n".join([f"```python {info}", *lines, "```", ""])


BAD_UTC = ("from django.utils import timezone", "timezone.utc")
FINE = ("from django.utils import timezone", "timezone.now")


def test_a_right_page_has_no_problems(djangos: dict[str, Django]) -> None:
    page = block("bad django=import", *BAD_UTC) + block("fixed", *FINE) + block("ok django=import", *FINE)
    for release in djangos:
        assert problems(djangos, page, UTC, release) == []


@pytest.mark.parametrize(
    ("body", "versions", "release", "expected"),
    [
        (block("bad django=import", *FINE), UTC, "4.2", "nothing warns"),
        (block("bad django=import", *FINE), UTC, "5.2", "nothing raises"),
        (block("bad django=import", *BAD_UTC), UTC._replace(deprecated=(5, 0)), "4.2", "warns already"),
        (
            block("bad django=import", *BAD_UTC),
            UTC._replace(removed=(6, 0)),
            "5.2",
            "it raises: AttributeError",
        ),
        (block("bad django=import", "nonsense"), UTC, "5.2", "the example itself is wrong"),
        (block("bad django=import raises=ImportError", *BAD_UTC), UTC, "5.2", "no ImportError"),
        (
            block("bad django=import warns=RemovedInDjango60Warning", *BAD_UTC),
            UTC,
            "4.2",
            "no RemovedInDjango60Warning",
        ),
        (block("bad django=import silent=yes", *BAD_UTC), UTC, "5.2", "not silent"),
        (block("ok django=import", *BAD_UTC), UTC, "4.2", "it warns"),
        (block("ok django=import", *BAD_UTC), UTC, "5.2", "it raises"),
        (
            block("bad django=import", *BAD_UTC) + block("fixed", *BAD_UTC),
            UTC,
            "5.2",
            "fixed, Django 5.2: it raises",
        ),
        (block("ok django=call", "x = 1"), UTC, "5.2", "nothing in it was called"),
        (
            block("ok django=call", "def f(thing): ..."),
            UTC,
            "5.2",
            "nothing is known to give for the parameter 'thing'",
        ),
        (block("ok django=call", "def f(pk): return 1 / 0"), UTC, "5.2", "ZeroDivisionError"),
        (block("bad django=settings", "USE_TZ = True"), UTC, "4.2", "nothing warns"),
        (block("ok django=settings", "USE_DEPRECATED_PYTZ = True"), UTC, "4.2", "it warns"),
    ],
)
def test_wrong_pages_are_found(
    djangos: dict[str, Django], body: str, versions: Versions, release: str, expected: str
) -> None:
    found = problems(djangos, body, versions, release)
    assert len(found) == 1 and expected in found[0], found


ASYNC_BAD = (
    "from shop.models import Order",
    "async def view(request, pk):",
    "    return Order.objects.get(pk=pk).status",
    "#          ^^^^^^^^^^^^^^^^^^^^^^^^",
)
ASYNC_FIXED = (
    "from shop.models import Order",
    "async def view(request, pk):",
    "    return (await Order.objects.aget(pk=pk)).status",
)


def test_async_examples_run_on_a_loop(djangos: dict[str, Django]) -> None:
    page = block("bad django=async", *ASYNC_BAD) + block("fixed", *ASYNC_FIXED)
    for release in djangos:
        assert problems(djangos, page, ASYNC, release) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (block("bad django=async", *ASYNC_FIXED), "nothing gives SynchronousOnlyOperation"),
        (
            block("bad django=async", *ASYNC_BAD[:3], "async def g():", "    return 1", "#          ^"),
            "g gives",
        ),
        (block("bad django=async silent=yes", *ASYNC_BAD), "view does not complete"),
        (block("ok django=async", *ASYNC_BAD[:3]), "SynchronousOnlyOperation"),
        (
            block("bad django=async", *ASYNC_BAD) + block("fixed", *ASYNC_FIXED[:2], "    return 'other'"),
            "view gives 'other', and gave 'open'",
        ),
        (
            block("ok django=async", "async def g():", "    pass", "async def f():", "    g()"),
            "was never awaited",
        ),
    ],
)
def test_wrong_async_pages_are_found(djangos: dict[str, Django], body: str, expected: str) -> None:
    found = problems(djangos, body, ASYNC, "5.2")
    assert len(found) == 1 and expected in found[0], found


def test_examples_do_not_see_each_other(djangos: dict[str, Django]) -> None:
    write = block(
        "ok django=call", "from shop.models import Order", "def f():", "    Order.objects.all().delete()"
    )
    read = block(
        "ok django=call",
        "from shop.models import Order",
        "def f(order):",
        "    assert Order.objects.count() == 6",
    )
    assert problems(djangos, write + read, ASYNC, "5.2") == []


def test_models_of_an_example_have_tables_and_rows(djangos: dict[str, Django]) -> None:
    models = block(
        "with file=library/models.py",
        "from django.db import models",
        "class Author(models.Model):",
        "    name = models.CharField(max_length=10)",
        "class Book(models.Model):",
        "    author = models.ForeignKey(Author, on_delete=models.CASCADE)",
    )
    bad = block(
        "bad django=async file=library/views.py",
        "from library.models import Book",
        "async def view(book: Book):",
        "    return book.author.name",
        "#          ^^^^^^^^^^^",
    )
    shop = models.replace("library/", "shop/") + bad.replace("library", "shop")
    for release in djangos:
        assert problems(djangos, models + bad, ASYNC, release) == []
        assert problems(djangos, shop, ASYNC, release) == []


def test_removed_fields_are_known_from_the_checks(djangos: dict[str, Django]) -> None:
    body = ("from django.db import models", "class A(models.Model):", "    b = models.NullBooleanField()")
    bad = block("bad django=import raises=fields.E903", *body)
    assert problems(djangos, bad, Versions((3, 1), (4, 0)), "5.2") == []
