"""Models, found without importing anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from django_uplift.project.files import FileStore
from django_uplift.project.modules import Modules
from django_uplift.types.models import ManagerInfo, Models
from django_uplift.types.program import Program


class Project:
    """Files, and what is known of the models in them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def models(self, **files: str) -> Models:
        """The models of a project with these files; ``__`` stands for a slash."""
        for name, text in files.items():
            file = self.root / f"{name.replace('__', '/')}.py".replace("/INIT", "/__init__")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        paths = sorted(self.root.rglob("*.py"))
        return Models(Program(Modules(FileStore(), [self.root], paths)), paths)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty project."""
    yield Project(tmp_path)


def test_relations_by_every_kind_of_target(project: Project) -> None:
    """Classes, names, labels, self, and the user."""
    models = project.models(
        settings='AUTH_USER_MODEL = "people.Person"\n',
        people__models="from django.contrib.auth.models import AbstractUser\nclass Person(AbstractUser): pass\n",
        shop__models="""\
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models

class Tag(models.Model): pass

class Order(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    editor = models.ForeignKey(get_user_model(), models.CASCADE, related_name="+")
    tag = models.ForeignKey("Tag", models.CASCADE)
    label = models.ForeignKey("shop.Tag", models.CASCADE, related_name="labelled")
    parent = models.ForeignKey("self", models.CASCADE, null=True)
    tags = models.ManyToManyField(to=Tag, related_name="%(class)ss")
    one = models.OneToOneField(Tag, models.CASCADE, related_name="%(app_label)s_%(class)s")
    name = models.CharField(max_length=3, unique=True)
""",
    )
    info = models.info("shop.models.Order")
    assert info is not None
    assert {f.name: (f.kind, f.target) for f in info.fields.values()} == {
        "owner": ("fk", "people.models.Person"),
        "editor": ("fk", "people.models.Person"),
        "tag": ("fk", "shop.models.Tag"),
        "label": ("fk", "shop.models.Tag"),
        "parent": ("fk", "shop.models.Order"),
        "tags": ("m2m", "shop.models.Tag"),
        "one": ("o2o", "shop.models.Tag"),
        "name": ("plain", None),
    }
    assert {n: f.kind for n, f in models.reverse("shop.models.Tag").items()} == {
        "order_set": "reverse-fk",
        "labelled": "reverse-fk",
        "orders": "reverse-m2m",
        "shop_order": "reverse-o2o",
    }
    assert set(models.reverse("people.models.Person")) == {"logentry_set", "order_set"}
    assert set(models.reverse("shop.models.Order")) == {"order_set"}


def test_inheritance(project: Project) -> None:
    """Abstract bases in other modules, mixins, and multi-table children that their parents see."""
    models = project.models(
        base="""\
from django.db import models
class Stamped(models.Model):
    owner = models.ForeignKey("shop.Tag", models.CASCADE, related_name="%(class)s_rows")
    class Meta:
        abstract = True
""",
        shop__models="""\
from django.db import models
from base import Stamped
class Tag(models.Model): pass
class Mixin:
    def helper(self): pass
class Item(Mixin, Stamped):
    name = models.CharField(max_length=3)
class Book(Item):
    pages = models.IntegerField()
class Alias(Item):
    class Meta:
        proxy = True
class Plain: pass
""",
    )
    book = models.info("shop.models.Book")
    assert book is not None and set(book.fields) == {"owner", "name", "pages"}
    stamped = models.info("base.Stamped")
    assert stamped is not None and stamped.abstract
    assert models.info("shop.models.Plain") is None
    assert set(models.reverse("shop.models.Tag")) == {"item_rows"}
    assert {n: f.kind for n, f in models.reverse("shop.models.Item").items()} == {"book": "reverse-o2o"}


def test_managers(project: Project) -> None:
    """By class, from a queryset, and by both; inherited ones too."""
    models = project.models(
        shop__models="""\
from django.db import models
class OrderQuerySet(models.QuerySet):
    def open(self): return self.filter(status="open")
class OrderManager(models.Manager): pass
Made = OrderManager.from_queryset(OrderQuerySet)
class Sub(models.Manager.from_queryset(OrderQuerySet)): pass
class Base(models.Model):
    objects = OrderQuerySet.as_manager()
    class Meta:
        abstract = True
class A(Base): pass
class B(models.Model):
    first = OrderManager()
    objects = OrderManager.from_queryset(OrderQuerySet)()
class C(models.Model):
    rows = Made()
class D(models.Model):
    rows = Sub()
class E(models.Model): pass
"""
    )
    queryset = "shop.models.OrderQuerySet"

    def managers(name: str) -> dict[str, ManagerInfo]:
        info = models.info(f"shop.models.{name}")
        assert info is not None
        return info.managers

    assert managers("A")["objects"] == ManagerInfo(f"django.db.models.Manager+{queryset}", queryset)
    assert list(managers("B")) == ["first", "objects"]
    assert managers("B")["first"] == ManagerInfo("shop.models.OrderManager")
    assert managers("B")["objects"].queryset == queryset
    assert managers("C")["rows"].queryset == queryset
    assert managers("D")["rows"] == ManagerInfo("shop.models.Sub", queryset)
    assert managers("E") == {"objects": ManagerInfo()}


def test_names_through_re_exports(project: Project) -> None:
    """A package's ``__init__`` may hand models on, with stars too."""
    models = project.models(
        shop__models__INIT="from .orders import *\nfrom .tags import Tag as Label\n",
        shop__models__orders="from django.db import models\nclass Order(models.Model):\n"
        "    tag = models.ForeignKey('shop.Tag', models.CASCADE)\n",
        shop__models__tags="from django.contrib.gis.db import models\nclass Tag(models.Model): pass\n",
    )
    program = models.program
    assert program.follow("shop.models.Order") == "shop.models.orders.Order"
    assert program.follow("shop.models.Label") == "shop.models.tags.Tag"
    info = models.info("shop.models.orders.Order")
    assert info is not None and info.fields["tag"].target == "shop.models.tags.Tag"


def test_a_base_that_nobody_can_read(project: Project) -> None:
    """Fields of Django's in the body tell that it is a model all the same."""
    models = project.models(
        shop="from django.db import models\nfrom package import Base\n"
        "class Order(Base):\n    name = models.CharField(max_length=3)\n"
        "class Other(Base):\n    name = 3\n"
    )
    assert models.is_model("shop.Order")
    assert not models.is_model("shop.Other")


def test_one_accessor_is_what_all_of_them_say(project: Project) -> None:
    """Asked by its name, a relation that leads back is the one that a look at all models finds."""
    models = project.models(
        base="""\
from django.db import models
class Stamped(models.Model):
    owner = models.ForeignKey("shop.Tag", models.CASCADE, related_name="%(app_label)s_%(class)s_rows")
    tag = models.ForeignKey("shop.Tag", models.CASCADE)
    mark = models.ForeignKey("shop.Tag", models.CASCADE, related_name=("long" "name"))
    hidden = models.ForeignKey("shop.Tag", models.CASCADE, related_name="+")
    class Meta:
        abstract = True
""",
        shop__models="""\
from django.db import models
from base import Stamped
class Tag(models.Model): pass
class Item(Stamped): pass
class Book(Item): pass
""",
        late__models="""from django.db import models
class Other: pass
if True:
    class Late(models.Model):
        tag = models.OneToOneField("shop.Tag", models.CASCADE)
""",
        far__models="from shop.models import Item\nclass Poster(Item): pass\n",
        admin__models="""\
from django.contrib.auth.models import Group
from django.db import models
class Badge(models.Model):
    group = models.ForeignKey(Group, models.CASCADE, 'badges')
    other = models.ManyToManyField(
        Group,
        related_name = u'others',  # so it is called
    )
""",
    )
    for cls in ("shop.models.Tag", "shop.models.Item", "django.contrib.auth.models.Group"):
        everything = models.reverse(cls)
        assert everything
        assert {name: models.back(cls, name) for name in everything} == everything
    assert models.back("shop.models.Tag", "absent") is None
    assert models.back("shop.models.Item", "book_set") is None


def test_what_declares_no_such_accessor_is_not_parsed(project: Project) -> None:
    """Many modules with models, and a question about one relation: two of them are read."""
    others = {
        f"app{number}__models": "from django.db import models\nfrom shop.models import Tag\n"
        f"class Thing{number}(models.Model):\n"
        f'    tag = models.ForeignKey(Tag, models.CASCADE, related_name="t{number}")\n'
        for number in range(5)
    }
    models = project.models(
        shop__models="from django.db import models\nclass Tag(models.Model): pass\n", **others
    )
    models.info("shop.models.Tag")
    assert models.back("shop.models.Tag", "absent") is None
    assert {path.parent.name for path in models.program.modules.parsed} == {"shop"}
    found = models.back("shop.models.Tag", "t3")
    assert found is not None and found.target == "app3.models.Thing3"
    assert {path.parent.name for path in models.program.modules.parsed} == {"shop", "app3"}


def test_an_accessor_that_gets_a_name_while_one_types(project: Project) -> None:
    """What was said of a name before a file changed isn't said afterwards."""
    text = """\
from django.db import models
class Tag(models.Model): pass
class Order(models.Model):
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="orders")
"""
    models = project.models(shop__models=text)
    assert models.back("shop.models.Tag", "bought") is None
    (project.root / "shop" / "models.py").write_text(text.replace('"orders"', '"bought"'))
    models.program.forget("shop.models")
    assert models.forget("shop.models")
    assert models.back("shop.models.Tag", "bought") is not None
    assert models.back("shop.models.Tag", "orders") is None
