"""Names that are gone: each place is explained by one rule, whichever way the name went."""

from __future__ import annotations

import pytest

from tests.rules.harness import check


@pytest.mark.parametrize(
    ("text", "target", "codes"),
    [
        # A deprecation rule owns the name, its module, or what is imported from the module.
        ("from django.utils.encoding import force_text\n", "4.0", {"DUR4001"}),
        ("from django.contrib.postgres.forms.jsonb import JSONField\n", "4.0", {"DUR4004"}),
        ("from django.test.utils import patch_logger\n", "3.0", {"DUN0003"}),
        ("from django.db.models.fields import FieldDoesNotExist\n", "3.1", {"DUN0003"}),
        ("from django.db.models.functions import JSONExtract\n", "3.1", {"DUN0002"}),
        ("from django.db.models import GeneratedField\n", "4.2", {"DUN0001"}),
        ("from django.db.models import GeneratedField\n", "5.0", set()),
        # Later than what is known.
        ("from django.db.models import NotYetThere\n", "7.0", set()),
        # The module is missing: one finding, not one for each name.
        ("from django.tasks import task, default_task_backend\n", "5.2", {"DUN0001"}),
    ],
)
def test_one_rule_explains_a_place(text: str, target: str, codes: set[str]) -> None:
    found = check({"app.py": text}, "app.py", target)
    assert {seen.code for seen in found} == codes
    assert len(found) == len(codes)


def test_a_django_of_the_projects_own_is_left_alone() -> None:
    files = {"django/__init__.py": "", "app.py": "from django.db.models.functions import JSONExtract\n"}
    assert check(files, "app.py", "5.2") == []


@pytest.mark.parametrize(
    ("other", "reported"),
    [
        ("SESSION_COOKIE_HTTP_ONLY = False\n", True),
        ("from django.conf import settings\nsettings.SESSION_COOKIE_HTTP_ONLY\n", False),
        ("getattr(settings, 'SESSION_COOKIE_HTTP_ONLY', None)\n", False),
    ],
)
def test_settings_that_somebody_reads_are_no_slips(other: str, reported: bool) -> None:
    files = {"mysite/settings.py": "DEBUG = True\nSESSION_COOKIE_HTTP_ONLY = True\n", "app.py": other}
    found = check(files, "mysite/settings.py", "5.2")
    assert bool([seen for seen in found if seen.code == "DUN0008"]) is reported
