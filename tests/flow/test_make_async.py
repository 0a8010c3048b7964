"""'Make async': the helpers on the way to a query, in all files of a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_uplift.engine.findings import Finding
from django_uplift.engine.refactor import Refactoring, make_async
from django_uplift.engine.registry import load
from django_uplift.engine.run import Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace
from tests.flow.support import SHOP

VIEWS = """\
from asgiref.sync import sync_to_async

from services import report, total


async def view(request):
    return report(1).upper()


async def other(request):
    return await sync_to_async(report)(2), [report(pk) for pk in (1, 2)]
"""
SERVICES = """\
from shop.models import Order
from rows import newest


def total():
    return Order.objects.count()


# What a report is.
def report(pk: int) -> str:
    order = newest(pk)
    return f"{order.customer.name}: {order.status}"
"""
ROWS = """\
from shop.models import Order


def newest(pk):
    if pk > 10:
        return newest(pk - 1)
    return Order.objects.get(pk=pk)
"""


def project(root: Path, files: dict[str, str]) -> Engine:
    """An engine on the shop's models and some files."""
    models = (SHOP / "models.py").read_text(encoding="utf-8")
    for name, text in {"shop/__init__.py": "", "shop/models.py": models, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    workspace = Workspace(FileStore(), {"target_version": "5.2"}, isolated=True, base=root)
    return Engine(load(), workspace)


def finding(engine: Engine, path: Path, line: int) -> Finding:
    """The finding of a way to a query in a line (from 1)."""
    text = path.read_text(encoding="utf-8")
    for found in engine.check(path).findings:
        if found.rule.slug == "query-through-call" and text.count("\n", 0, found.span.start) + 1 == line:
            return found
    raise AssertionError(f"no way to a query from {path.name}:{line}")


def make(root: Path, files: dict[str, str], name: str = "views.py", line: int = 7) -> Refactoring | None:
    """'Make async' at a line of a file."""
    engine = project(root, files)
    path = root / name
    return make_async(engine, path, path.read_text(encoding="utf-8"), finding(engine, path, line))


def texts(made: Refactoring | None) -> dict[str, str]:
    """The files that change."""
    assert made is not None
    assert all(change.old != change.new for change in made.files.values())
    return {path.name: change.new for path, change in made.files.items()}


def test_helpers_that_only_async_code_calls_are_converted(tmp_path: Path) -> None:
    """Through two helpers, in three files; what bridged them no longer does, and its import goes."""
    made = make(tmp_path, {"views.py": VIEWS, "services.py": SERVICES, "rows.py": ROWS})
    assert texts(made) == {
        "views.py": """\
from services import report, total


async def view(request):
    return (await report(1)).upper()


async def other(request):
    return await report(2), [await report(pk) for pk in (1, 2)]
""",
        "services.py": SERVICES.replace("def report", "async def report")
        .replace("newest(pk)", "await newest(pk)")
        .replace("order.customer.name", "(await sync_to_async(lambda: order.customer)()).name")
        .replace("from shop", "from asgiref.sync import sync_to_async\nfrom shop", 1),
        "rows.py": """\
from shop.models import Order


async def newest(pk):
    if pk > 10:
        return await newest(pk - 1)
    return await Order.objects.aget(pk=pk)
""",
    }
    assert made is not None and not made.sync_callers
    assert {change.label for change in made.files.values()} == {
        "Await report()",
        "Make report() async; Await newest()",
        "Make newest() async; Await newest()",
    }


def test_a_variant_stands_beside_what_sync_code_calls(tmp_path: Path) -> None:
    """Sync callers keep the function that they have; async ones get the other."""
    sync = "import services\n\n\ndef job():\n    return services.report(1)\n"
    later = "import services\n\n\nasync def later():\n    return services.report(1)\n"
    made = make(
        tmp_path,
        {"views.py": VIEWS, "services.py": SERVICES, "rows.py": ROWS, "jobs.py": sync, "later.py": later},
    )
    new = texts(made)
    assert "jobs.py" not in new
    assert new["later.py"] == later.replace("services.report", "await services.areport")
    assert new["views.py"] == (
        "from services import areport, total\n\n\n"
        "async def view(request):\n    return (await areport(1)).upper()\n\n\n"
        "async def other(request):\n    return await areport(2), [await areport(pk) for pk in (1, 2)]\n"
    )
    imports = "from asgiref.sync import sync_to_async\nfrom shop.models import Order\n"
    imports += "from rows import anewest, newest\n"
    assert new["services.py"] == imports + SERVICES.partition("import newest\n")[2] + (
        "\n\nasync def areport(pk: int) -> str:\n    order = await anewest(pk)\n"
        '    return f"{(await sync_to_async(lambda: order.customer)()).name}: {order.status}"\n'
    )
    assert new["rows.py"] == ROWS + (
        "\n\nasync def anewest(pk):\n"
        "    if pk > 10:\n"
        "        return await anewest(pk - 1)\n"
        "    return await Order.objects.aget(pk=pk)\n"
    )


def test_methods(tmp_path: Path) -> None:
    """A method that others may call on objects of unknown type stays, and gets a variant."""
    text = """\
from shop.models import Order


class Report:
    def rows(self):
        return list(Order.objects.all())

    @staticmethod
    def _count():
        return Order.objects.count()


async def view(request):
    report = Report()
    return report.rows(), Report._count()


def job(anything):
    return anything.rows()
"""
    line = text[: text.index("return report.rows")].count("\n") + 1
    assert texts(make(tmp_path, {"views.py": text}, line=line))["views.py"] == text.replace(
        "        return list(Order.objects.all())\n",
        "        return list(Order.objects.all())\n\n"
        "    async def arows(self):\n        return [x async for x in Order.objects.all()]\n",
    ).replace("return report.rows()", "return await report.arows()")


@pytest.mark.parametrize(
    "helper",
    [
        "@property\n    def rows(self):\n        return list(Order.objects.all())",
        "def rows(self):\n        yield Order.objects.count()",
        "@transaction.atomic\n    def rows(self):\n        return Order.objects.count()",
    ],
)
def test_what_is_no_plain_function_is_left_alone(tmp_path: Path, helper: str) -> None:
    """Neither properties nor generators nor what is decorated become async by an `async`."""
    call = "Report().rows" if "property" in helper else "list(Report().rows())"
    text = (
        "from django.db import transaction\nfrom shop.models import Order\n\n\n"
        f"class Report:\n    {helper}\n\n\nasync def view(request):\n    return {call}\n"
    )
    line = text.count("\n")
    engine = project(tmp_path, {"views.py": text})
    path = tmp_path / "views.py"
    for found in engine.check(path).findings:
        assert make_async(engine, path, text, found) is None
    assert line


def test_other_findings_have_no_helpers(tmp_path: Path) -> None:
    """A query of the function's own."""
    text = "from shop.models import Order\n\n\nasync def view(request):\n    return Order.objects.get(pk=1)\n"
    engine = project(tmp_path, {"views.py": text})
    (found,) = engine.check(tmp_path / "views.py").findings
    assert make_async(engine, tmp_path / "views.py", text, found) is None


def test_the_projects_own_async_form_is_called(tmp_path: Path) -> None:
    """Where one stands beside the helper, nothing is added; with other parameters it is something else."""
    own = ROWS + "\n\nasync def anewest(pk):\n    return await Order.objects.aget(pk=pk)\n"
    view = "import rows\n\n\nasync def view(request):\n    return rows.newest(1)\n"
    made = make(tmp_path, {"views.py": view, "rows.py": own}, line=5)
    assert texts(made) == {"views.py": view.replace("rows.newest", "await rows.anewest")}
    other = own.replace("anewest(pk)", "anewest(request, pk)")
    sync = "import rows\n\nnewest = rows.newest\n"
    assert make(tmp_path, {"views.py": view, "rows.py": other, "sync.py": sync}, line=5) is None
