"""Installed packages are read as source: their models, managers and helpers are known like the project's."""

from __future__ import annotations

from pathlib import Path

import pytest

from django_uplift.engine.findings import Finding
from django_uplift.engine.registry import load
from django_uplift.engine.run import Engine
from django_uplift.project.files import FileStore
from django_uplift.project.workspace import Workspace

SITE = ".venv/lib/python3.12/site-packages"
STAMPED = {
    "stamps/__init__.py": "",
    "stamps/models.py": """\
from django.conf import settings
from django.db import models

from .managers import KindManager


class Stamped(models.Model):
    created = models.DateTimeField(auto_now_add=True)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    objects = KindManager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        return super().save(*args, **kwargs)

    @property
    def editors(self):
        return self.__class__.objects.filter(pk=self.pk)


class Concrete(models.Model):
    label = models.CharField(max_length=9)
""",
    "stamps/managers.py": """\
from typing import Generic, TypeVar, cast

from django.db import models

T = TypeVar("T")


class KindQuerySet(models.QuerySet[T]):
    def kinds(self, *kinds):
        found = cast("KindQuerySet[T]", self)
        return found.filter(kind__in=kinds)


class KindMixin(Generic[T]):
    _queryset_class = KindQuerySet

    def get_queryset(self) -> "KindQuerySet[T]":
        model: type[T] = self.model
        return self._queryset_class(model)

    def kinds(self, *kinds):
        return self.get_queryset().kinds(*kinds)

    def only_one(self, **lookups) -> T:
        return self.get_queryset().get(**lookups)


class KindManager(KindMixin[T], models.Manager[T]):
    pass
""",
    "stamps/helpers.py": """\
import functools

from .models import Concrete

SEEN = {}


def total():
    return Concrete.objects.count()


def total_of(kind, slow=False):
    if slow:
        return Concrete.objects.filter(label=kind).count()
    return SEEN.get(kind)


def either(kind):
    if kind:
        return Concrete.objects.filter(label=kind).count()
    else:
        return Concrete.objects.count()


def maybe(kind):
    return kind or Concrete.objects.first()


def labelled():
    return Concrete.objects.all()


def delegating(method):
    @functools.wraps(method)
    def wrapped(self, *args, **kwargs):
        return method(self, *args, **kwargs)

    return wrapped


class Shelf:
    @delegating
    def rows(self, queryset=None):
        if queryset is None:
            queryset = labelled()
        return queryset.filter(label="x")


async def atotal():
    return Concrete.objects.count()
""",
}
MODELS = """\
from django.db import models
from stamps.models import Stamped


class Order(Stamped):
    shop = models.ForeignKey("stamps.Concrete", on_delete=models.CASCADE)
"""


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def _check(root: Path, body: str, site: dict[str, str] = STAMPED, imports: str = "") -> list[Finding]:
    _write(root, {f"{SITE}/{name}": text for name, text in site.items()})
    _write(root, {".venv/pyvenv.cfg": "", "models.py": MODELS})
    view = "".join(f"    {line}\n" for line in body.splitlines())
    head = f"from models import Order\nfrom stamps import helpers\n{imports}\n"
    _write(root, {"views.py": f"{head}\n\nasync def view(request, kind):\n{view}"})
    options = {"target_version": "5.2", "select": ("DUA",)}
    engine = Engine(load(), Workspace(FileStore(), options, isolated=True, base=root))
    return list(engine.check(root / "views.py").findings)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("order = await Order.objects.kinds('a').aget(pk=1)\norder.shop.label", ["DUA103"]),
        ("order = await Order.objects.kinds('a').select_related('shop').aget(pk=1)\norder.shop.label", []),
        ("order = await Order.objects.aget(pk=1)\norder.editor", ["DUA103"]),
        ("Order.objects.only_one(pk=1)", ["DUA106"]),
        ("order = await Order.objects.aget(pk=1)\norder.editors.exists()", ["DUA101"]),
        ("[o async for o in Order.objects.kinds('b')]", []),
        ("[o for o in Order.objects.kinds('b')]", ["DUA102"]),
        ("helpers.total()", ["DUA106"]),
        ("helpers.labelled()", []),
        ("list(helpers.labelled())", ["DUA102"]),
        ("helpers.Shelf().rows().count()", ["DUA101"]),
        ("await helpers.atotal()", []),
    ],
)
def test_what_is_installed_is_known(tmp_path: Path, body: str, codes: list[str]) -> None:
    """Models, managers, querysets, properties and functions of a package, used by the project."""
    assert [finding.rule.code for finding in _check(tmp_path, body)] == codes


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("helpers.total_of(kind)", []),
        ("helpers.maybe(kind)", []),
        ("helpers.either(kind)", ["DUA106"]),
        ("helpers.total_of(kind, slow=True)", ["DUA106"]),
    ],
)
def test_a_package_serves_others_too(tmp_path: Path, body: str, codes: list[str]) -> None:
    """What it only does under a condition that we can't judge isn't reported."""
    assert [finding.rule.code for finding in _check(tmp_path, body)] == codes


def test_the_path_leads_into_the_package(tmp_path: Path) -> None:
    """The finding is in the project's line."""
    (finding,) = _check(tmp_path, "helpers.total()")
    assert [hop.path for hop in finding.trace] == [tmp_path / SITE / "stamps/helpers.py"]
    assert "Concrete.objects.count()" in finding.message


def test_an_override_in_a_package_has_djangos_twin(tmp_path: Path) -> None:
    """`asave()` runs the override in a thread."""
    (finding,) = _check(
        tmp_path, "order = await Order.objects.aget(pk=1)\norder.save(update_fields=['shop'])"
    )
    assert finding.fixes[0].title == "Use await and asave()"
    (finding,) = _check(tmp_path, "order = await Order.objects.aget(pk=1)\norder.save(quietly=True)")
    assert [fix.title for fix in finding.fixes] == ["Run order.save in a thread with sync_to_async"]


def test_nothing_is_reported_inside_packages(tmp_path: Path) -> None:
    """Neither their models nor their async functions."""
    findings = _check(tmp_path, "await helpers.atotal()\nhelpers.total()")
    assert [finding.rule.code for finding in findings] == ["DUA106"]
    assert STAMPED["stamps/helpers.py"].count("Concrete.objects.count()") > 1


def test_an_editable_install(tmp_path: Path) -> None:
    """A path file leads to the package."""
    elsewhere = tmp_path / "elsewhere"
    _write(elsewhere, STAMPED)
    site = {"stamps.pth": f"{elsewhere}\n"}
    root = tmp_path / "project"
    assert [f.rule.code for f in _check(root, "helpers.total()", site)] == ["DUA106"]


def test_packages_that_are_broken(tmp_path: Path) -> None:
    """A syntax error or a circle of links costs that module alone."""
    site = {
        **STAMPED,
        "torn/__init__.py": "",
        "torn/models.py": "from django.db import models\nclass X(models.Model:\n",
    }
    imports = "from torn.models import X\nfrom circle.models import Y"
    (tmp_path / SITE).mkdir(parents=True)
    try:
        (tmp_path / SITE / "circle").symlink_to(tmp_path / SITE / "circle")
    except OSError:
        imports = "from torn.models import X"
    findings = _check(tmp_path, "X.objects.count()\nhelpers.total()", site, imports)
    assert [finding.rule.code for finding in findings] == ["DUA106"]


def test_django_is_known_by_measured_tables(tmp_path: Path) -> None:
    """Its source in the environment isn't played, nor that of packages that tables describe."""
    site = {
        **STAMPED,
        "django/__init__.py": "",
        "django/db/models/__init__.py": "class Model:\n    pass\n",
        "django/shortcuts.py": "def render(*args): ...\n",
        "asgiref/sync.py": "# django\ndef sync_to_async(f):\n    return f\n",
    }
    imports = "from asgiref.sync import sync_to_async\nfrom django.shortcuts import get_object_or_404"
    body = "await sync_to_async(helpers.total)()\nget_object_or_404(Order, pk=1)"
    assert [finding.rule.code for finding in _check(tmp_path, body, site, imports)] == ["DUA101"]


def test_without_an_environment_a_table_is_left(tmp_path: Path) -> None:
    """Bases that most projects have are known all the same."""
    _write(
        tmp_path,
        {
            "models.py": "from django.db import models\nfrom model_utils.models import TimeStampedModel\n\n\n"
            "class Order(TimeStampedModel):\n    pass\n",
            "views.py": "from models import Order\n\n\nasync def view(request):\n    Order.objects.count()\n",
        },
    )
    options = {"target_version": "5.2", "select": ("DUA",)}
    engine = Engine(load(), Workspace(FileStore(), options, isolated=True, base=tmp_path))
    assert [f.rule.code for f in engine.check(tmp_path / "views.py").findings] == ["DUA101"]


def test_the_environment_may_be_configured(tmp_path: Path) -> None:
    """In the project's configuration, which editors honour too."""
    _write(
        tmp_path, {f"tools/env/lib/python3.12/site-packages/{name}": text for name, text in STAMPED.items()}
    )
    _write(
        tmp_path / "project",
        {
            "django-uplift.toml": 'environment = "../tools/env"\ntarget-version = "5.2"\n',
            "views.py": "from stamps import helpers\n\n\nasync def view(request):\n    helpers.total()\n",
        },
    )
    engine = Engine(load(), Workspace(FileStore()))
    assert [f.rule.code for f in engine.check(tmp_path / "project/views.py").findings] == ["DUA106"]


def test_a_depth_limit_leaves_nothing_half_known(tmp_path: Path) -> None:
    """What was reached too deep in a package is looked into when it is called directly."""
    chain = "".join(f"def step{n}():\n    return step{n + 1}()\n\n\n" for n in range(9))
    site = {
        "deep/__init__.py": "",
        "deep/models.py": STAMPED["stamps/models.py"].partition("class Concrete")[2],
        "deep/chain.py": f"{chain}def step9():\n    from stamps.helpers import total\n\n    return total()\n",
    }
    site["deep/models.py"] = "from django.db import models\n\n\nclass Concrete" + site["deep/models.py"]
    body = "chain.step0()\nchain.step7()"
    findings = _check(tmp_path, body, {**STAMPED, **site}, "from deep import chain")
    assert [finding.rule.code for finding in findings] == ["DUA106"]
    assert "step7()" in findings[0].message
