"""What tables say of a package by name holds only while its source isn't read."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import django_uplift
from django_uplift.django.builtin_models import MODELS
from django_uplift.django.known_by_name import KNOWN_BY_NAME

SOURCE = Path(django_uplift.__file__).parent
TABLES = [
    *(SOURCE / "flow").rglob("*.py"),
    *(SOURCE / "django" / name for name in ("async_api.py", "blocking.py", "clients.py")),
]
NAME = re.compile(r"([a-z_]\w+)(?:\.\w+)*\.\w*[A-Za-z]\w*")
# Attributes, not packages.
OTHERS = {"connections", "request", "django_uplift"}


def test_packages_in_tables_are_not_read_as_source() -> None:
    """With their source, the names in the tables would no longer be what the analysis sees."""
    read_for_models = {name.partition(".")[0] for name in MODELS}
    tops = {
        match[1]: f"{path.name}: {match[0]}"
        for path in TABLES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if (match := NAME.fullmatch(node.value)) and not node.value.endswith((".py", ".toml"))
    }
    unknown = tops.keys() - sys.stdlib_module_names - KNOWN_BY_NAME - read_for_models - OTHERS
    assert {top: tops[top] for top in unknown} == {}
