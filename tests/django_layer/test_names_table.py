"""The table of Django's names: what it says of well-known ones, and what becomes of a file that lacks some."""

# ruff: noqa: E501 -- one case a line

import pytest

from django_uplift.dev.django_names import Sources, absolute, differences, read_module, spans
from django_uplift.django.lacking import Lack, judge, lacking, may_lack
from django_uplift.django.names_table import names_table
from django_uplift.django.releases import LATEST, Release
from django_uplift.names.module import ModuleNames
from django_uplift.syntax.parse import parse
from django_uplift.syntax.tree import Tree
from django_uplift.text.lines import Lines

TABLE = names_table()


@pytest.mark.parametrize(
    ("name", "since", "gone"),
    [
        ("django.db.models.JSONField", "3.1", None),
        ("django.db.models.fields.json", "3.1", None),
        ("django.db.models.GeneratedField", "5.0", None),
        ("django.shortcuts.aget_object_or_404", "5.0", None),
        ("django.http.response.HttpResponse", "1.8", None),
        ("django.utils.encoding.force_text", "1.8", "4.0"),
        ("django.utils.six", "1.8", "3.0"),
        # Answered by the module's __getattr__ in 4.1 and 4.2.
        ("django.utils.timezone.utc", "1.8", "5.0"),
        ("django.db.models.enums.ChoicesMeta", "3.0", "6.0"),
        # Set by Django's test runner, and written nowhere in the module.
        ("django.core.mail.outbox", "1.8", None),
        # A folder without __init__.py since 2.1 is still importable.
        ("django.core.management.commands", "1.8", None),
        # Through `import *` and `__all__ = constraints_all + [...]`.
        ("django.contrib.gis.db.models.UniqueConstraint", "2.2", None),
        ("django.db.models.QuerySet.aget", "4.1", None),
        ("django.template.library.Library.assignment_tag", "1.9", "2.0"),
    ],
)
def test_where_names_are_found(name, since, gone):
    presence = TABLE.presence(name)
    assert (str(presence.since), presence.gone_in and str(presence.gone_in)) == (since, gone)
    assert TABLE.since(name) == Release.parse(since)
    assert TABLE.removed(name) == (Release.parse(gone) if gone else None)
    assert not TABLE.exists(name, Release.parse(gone)) if gone else TABLE.exists(name, LATEST)


@pytest.mark.parametrize(
    "name", ["django.db.models.functions.JSONExtract", "django.nonsense", "shop.models.Order"]
)
def test_names_that_no_release_has(name):
    assert TABLE.presence(name) is None
    assert TABLE.since(name) is None
    assert not TABLE.exists(name, LATEST)


def test_it_covers_every_release_from_its_first_on():
    from django_uplift.django.releases import RELEASED

    assert RELEASED[-len(TABLE.releases) :] == TABLE.releases
    assert TABLE.releases[0] <= Release(1, 11)
    assert not TABLE.covers(Release(7, 0))


@pytest.mark.parametrize(
    ("callable_", "keyword", "before", "since"),
    [
        ("django.db.models.CharField", "db_comment", "4.1", "4.2"),
        ("django.db.models.fields.CharField", "db_comment", "4.1", "4.2"),
        ("django.db.models.ForeignKey", "db_default", "4.2", "5.0"),
        ("django.db.models.CheckConstraint", "condition", "5.0", "5.1"),
        ("django.db.models.UniqueConstraint", "violation_error_code", "4.2", "5.0"),
        ("django.urls.reverse", "query", "5.1", "5.2"),
    ],
)
def test_arguments_of_callables(callable_, keyword, before, since):
    old, new = (
        TABLE.keywords(callable_, Release.parse(before)),
        TABLE.keywords(callable_, Release.parse(since)),
    )
    assert keyword not in old.names
    assert not old.open
    assert keyword in new.names
    assert TABLE.keyword_presence(callable_, keyword).since == Release.parse(since)
    last = callable_.rpartition(".")[2].encode()
    assert last in TABLE.newer_keywords(Release.parse(before))[keyword.encode()]
    assert last not in TABLE.newer_keywords(Release.parse(since)).get(keyword.encode(), ())


def test_settings_and_meta_options():
    assert str(TABLE.setting("STORAGES").presence.since) == "4.2"
    assert TABLE.setting("USE_L10N").presence.gone_in == Release(5, 0)
    assert TABLE.setting("X_FRAME_OPTIONS").default == "'DENY'"
    # Read with getattr, and not in global_settings.
    assert TABLE.setting("SITE_ID") is not None
    assert TABLE.setting("SECURE_DEFAULTS") is None
    assert TABLE.meta_option("db_table_comment").since == Release(4, 2)


def test_where_else_a_name_is():
    assert TABLE.homes("classproperty", Release(2, 2)) == ["django.utils.decorators"]
    assert (
        TABLE.origin("django.db.models.fields.FieldDoesNotExist")
        == "django.core.exceptions.FieldDoesNotExist"
    )


# Which places lack something


def found(text, release, *, strict=True):
    data = text.encode()
    kinds = may_lack(data, release)
    tree = Tree(parse(text).tree, Lines(text))
    lacks = list(lacking(tree, ModuleNames(tree, "app.m"), release))
    assert not strict or {lack.lack for lack in lacks} <= kinds, "the bytes told otherwise"
    return [
        (lack.node.lineno, lack.name, lack.lack) for lack in sorted(lacks, key=lambda item: item.node.lineno)
    ]


@pytest.mark.parametrize(
    ("text", "line", "name", "lack"),
    [
        ("from django.db.models import GeneratedField\n", 1, "django.db.models.GeneratedField", Lack.NEWER),
        ("from django.db.models import (\n    Q,  # (\n    GeneratedField as G,\n)\n", 3, "django.db.models.GeneratedField", Lack.NEWER),
        ("from django.db.models import Q, \\\n    GeneratedField\n", 2, "django.db.models.GeneratedField", Lack.NEWER),
        ("from django.db import models\nclass A(models.Model):\n    x = models.GeneratedField()\n", 3, "django.db.models.GeneratedField", Lack.NEWER),
        ("from django.db import models as m\nm.GeneratedField\n", 2, "django.db.models.GeneratedField", Lack.NEWER),
        ("import django.db.models\ndjango.db.models.GeneratedField\n", 2, "django.db.models.GeneratedField", Lack.NEWER),
        ("import django.db.models as m\nm.GeneratedField\n", 2, "django.db.models.GeneratedField", Lack.NEWER),
        ("import django.tasks\n", 1, "django.tasks", Lack.NEWER),
        ("from django.tasks import task, default_task_backend\n", 1, "django.tasks", Lack.NEWER),
        ("from django import tasks\n", 1, "django.tasks", Lack.NEWER),
        ("from django.db.models.functions import JSONExtract\n", 1, "django.db.models.functions.JSONExtract", Lack.UNKNOWN),
        ("from django.utils import timezones\n", 1, "django.utils.timezones", Lack.UNKNOWN),
        ("from django.utils import timezone\ntimezone.nowadays()\n", 2, "django.utils.timezone.nowadays", Lack.UNKNOWN),
        ("from django.test.utils import patch_logger\n", 1, "django.test.utils.patch_logger", Lack.DROPPED),
        ("MIDDLEWARE = ['django.middleware.csp.ContentSecurityPolicyMiddleware']\n", 1, "django.middleware.csp", Lack.NEWER),
    ],
)  # fmt: skip
def test_places_that_lack_something(text, line, name, lack):
    assert found(text, Release(4, 2)) == [(line, name, lack)]


@pytest.mark.parametrize(
    "text",
    [
        "from django.db import models\nmodels.JSONField, models.query.QuerySet, models.signals.pre_save\n",
        "from django.utils.timezone import utc\n",
        "from django.db.models import _private\n",
        "from django.db.models import *\nGeneratedField\n",
        "from .django.db.models import GeneratedField\n",
        "from djangorest.db.models import GeneratedField\n",
        "# from django.db.models import GeneratedField\n",
        "from django.db import models\nmodels.Model.objects.nonsense\n",
        "from django.db import models\ndef f(models):\n    models.GeneratedField\n",
        "from django.db import models\ntry:\n    import models\nexcept ImportError: pass\nmodels.GeneratedField\n",
        "from django.conf.locale.en import formats\nformats.DATE_FORMAT = 1\nformats.OTHER\n",
        "from django.utils import timezone\ntimezone.nowadays = 1\ntimezone.nowadays\n",
        "import logging\nlogging.getLogger('django.tasks')\nX = {'django.security.csrf': 1}\n",
        "try:\n    from django.tasks import task\nexcept ImportError:\n    task = None\n",
        "try:\n    import django.tasks\nexcept Exception:\n    pass\n",
        "import django\nif django.VERSION >= (6, 0):\n    from django.tasks import task\n",
        "import django\nif django.get_version() > '6':\n    from django.tasks import task\n",
        "from app.compat import DJANGO_60\nif DJANGO_60:\n    from django.tasks import task\n",
        "from django.db import models\nif hasattr(models, 'GeneratedField'):\n    models.GeneratedField\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from django.tasks import task\n",
        "from contextlib import suppress\nwith suppress(ImportError):\n    from django.tasks import task\n",
        "import django\ndef f():\n    if django.VERSION < (6, 0):\n        return\n    from django.tasks import task\n",
        "import django, unittest\n@unittest.skipIf(django.VERSION < (6,), 'no')\ndef f():\n    from django.tasks import task\n",
        "import pytest\ndef f():\n    if DJANGO_VERSION < 6:\n        pytest.skip()\n    from django.tasks import task\n",
    ],
)
def test_places_that_are_in_order(text):
    assert found(text, Release(4, 2)) == []


def test_names_below_modules_made_at_run_time_are_left_alone():
    text = (
        "from django.utils.six.moves import urllib\nfrom django.utils.six.moves.urllib.parse import quote\n"
    )
    assert found(text, Release(2, 2)) == []
    assert found(text, Release(3, 0)) == [
        (1, "django.utils.six", Lack.DROPPED),
        (2, "django.utils.six", Lack.DROPPED),
    ]


def test_nothing_is_said_of_releases_that_the_table_does_not_cover():
    text = "from django.db.models.functions import JSONExtract\n"
    assert found(text, Release(7, 0)) == found(text, Release(1, 4)) == []


def test_what_is_missing_first_is_named():
    assert judge("django.tasks.backends.base.X", Release(5, 2), TABLE)[0] == "django.tasks"
    assert judge("django.db.models.Model.nonsense", Release(5, 2), TABLE) is None


# How the table is made


def sources(**modules):
    return Sources(
        {
            name.replace("__", "."): read_module(text, is_package=name in ("pkg", "pkg__sub"))
            for name, text in modules.items()
        }
    )


def test_members_follow_stars_exports_and_branches():
    made = sources(
        pkg="from pkg.a import *\nfrom .b import x as y\nif DEBUG:\n    import os\nelse:\n    z: int = 1\n",
        pkg__a="__all__ = ['p']\n__all__ += ['q']\np = q = r = 1\n",
        pkg__b="x = 1\n",
    )
    assert set(made.members("pkg")) == {"p", "q", "y", "os", "z"}
    assert made.members("pkg")["y"] == "pkg.b.x"


def test_what_a_module_makes_at_run_time():
    def dynamic(text):
        return read_module(text, False).dynamic

    assert dynamic("globals()['x'] = 1")
    assert dynamic("import sys\nsys.modules[__name__] = x")
    assert dynamic("def __getattr__(name):\n    return load(name)\n")
    assert not dynamic("def f():\n    globals()['x'] = 1")
    known = read_module(
        "def __getattr__(name):\n    if name != 'old':\n        raise AttributeError\n", False
    )
    assert not known.dynamic
    assert "old" in known.names


def test_constructors_collect_keywords_up_the_ancestry():
    made = sources(
        pkg="""
class Base:
    def __init__(self, name=None, *, null=False):
        pass
class Middle(Base):
    def __init__(self, *args, extra=1, **kwargs):
        kwargs.setdefault("null", True)
        self.popped = kwargs.pop("popped", None)
        super().__init__(*args, **kwargs)
class Leaf(Middle):
    pass
class Hidden(Base):
    def __init__(self, **kwargs):
        self.options = kwargs
class Foreign(dict):
    pass
"""
    )
    leaf = made.constructor("pkg", "Leaf")
    assert leaf.names == {"name", "null", "extra", "popped"}
    assert not leaf.open
    assert made.constructor("pkg", "Hidden").open
    assert made.constructor("pkg", "Foreign").open


def test_sets_of_releases_are_pairs_of_letters():
    assert spans([True, True, False, True]) == "abdd"
    assert spans([False, False]) == ""
    assert absolute("..b", "pkg.sub.a", False) == "pkg.b"
    assert absolute(".b", "pkg.sub", True) == "pkg.sub.b"


def test_the_ledger_names_differences():
    rows = [
        {"tier": 2, "symbols": ["django.utils.six"], "removed_in": "3.0"},
        {"tier": 2, "symbols": ["django.utils.timezone.utc"], "removed_in": "4.0"},
        {"tier": 1, "symbols": ["django.x"], "removed_in": "4.0"},
    ]
    assert list(differences(rows)) == [
        "django.utils.timezone.utc: gone in 4.0 by the ledger, 5.0 by the table"
    ]


@pytest.mark.parametrize("section", ["keywords", "members"])
def test_rows_are_filed_under_documented_names(section):
    """`canonical` decides the names; after a change there, the table must be made again."""
    from django_uplift.dev.django_names import current
    from django_uplift.names.canonical import canonical

    names = [row.partition("\t")[0] for row in current(section).splitlines()[1:]]
    assert names
    assert [name for name in names if canonical(name) != name] == []
