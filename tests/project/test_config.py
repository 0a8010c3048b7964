# A table is read by its rows.
# ruff: noqa: E501
import re
from pathlib import Path
from typing import Any

import pytest

from django_uplift.project.config import (
    FACTS,
    OPTIONS,
    ConfigError,
    Facts,
    Settings,
    check_selectors,
    load,
    load_if_ours,
    override,
    override_mapping,
)
from django_uplift.project.files import FileStore
from django_uplift.project.schema import json_schema
from django_uplift.project.toml import toml_lines

FULL = """\
[project]
name = "x"

[tool.django-uplift]
target-version = "5.2"
from-version = '3.2'
select = ["DUA1", "removed"]
ignore = [
    "DUA101",  # why
    "force-text",
]
extend-select = []
exclude = ["old"]
extend-exclude = ["gen/"]
unsafe-fixes = true
source-roots = ["src"]
min-confidence = "proven"
respect-gitignore = false
severity."DUA2" = "off"

[tool.django-uplift.per-file-ignores]
"tests/**" = ["ALL"]

[tool.django-uplift.facts]
queries = ["app.services.fetch"]
"""


def write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_option_is_read(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    path = write(tmp_path / "pyproject.toml", FULL)
    settings = load(path)
    assert settings == Settings(
        tmp_path,
        path,
        target_version="5.2",
        from_version="3.2",
        select=("DUA1", "removed"),
        ignore=("DUA101", "force-text"),
        extend_select=(),
        per_file_ignores={"tests/**": ("ALL",)},
        exclude=("old",),
        extend_exclude=("gen/",),
        severity={"DUA2": "off"},
        unsafe_fixes=True,
        source_roots=("src",),
        min_confidence="proven",
        respect_gitignore=False,
        facts=Facts(queries=("app.services.fetch",)),
        lines=settings.lines,
    )
    assert {key: settings.lines[key] for key in (("ignore", "force-text"), ("severity", "DUA2"), ("target-version",))} == {
        ("ignore", "force-text"): 10, ("severity", "DUA2"): 19, ("target-version",): 5,
    }  # fmt: skip
    assert settings.lines["per-file-ignores", "tests/**", "ALL"] == 22


def test_definition_settings_and_schema_agree() -> None:
    defaults = Settings(Path())
    for option in OPTIONS:
        assert getattr(defaults, option.field) == option.default, option.name
    assert {option.field for option in OPTIONS} == set(Settings._fields) - {
        "root",
        "origin",
        "lines",
        "sources",
    }
    assert tuple(FACTS) == Facts._fields


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("target-versoin = '4.2'", "1: unknown option 'target-versoin'; did you mean 'target-version'?"),
        ("\n\ntarget_version = '4.2'", "3: unknown option 'target_version'; did you mean 'target-version'?"),
        ("xyzzy = 1", "1: unknown option 'xyzzy'; the options are target-version, "),
        ("target-version = 4.2", "1: target-version: expected a string such as \"5.2\", not the number 4.2: put it in quotes"),
        ("target-version = ['4.2']", "1: target-version: expected a string such as \"5.2\", not a list"),
        ("# c\nselect = 'DUA1'", "2: select: expected a list of strings, not the string 'DUA1'; write [\"DUA1\"]"),
        ("select = [\n'A',\n  2]", "3: select: expected strings in the list, not the number 2"),
        ("select = [\n'A',\n  '']", "3: select: an empty string"),
        ("unsafe-fixes = 'yes'", "1: unsafe-fixes: expected true or false, not the string 'yes'"),
        ("min-confidence = 'probable'", "1: min-confidence: expected one of proven, likely, possible, not 'probable'"),
        ("[severity]\nA = 'warning'\nB = 'warn'", "3: severity.B: expected one of error, warning, information, hint, off, not 'warn'"),
        ("[severity]\nA = 'Warning'", "2: severity.A: expected one of error, warning, information, hint, off, not 'Warning'; did you mean 'warning'?"),
        ("severity = 'off'", "1: severity: expected a table of rules and severities, not the string 'off'"),
        ("[per-file-ignores]\n\n'a*' = 'x'", "3: per-file-ignores.a*: expected a list of strings"),
        ("per-file-ignores = [\n'x']", "1: per-file-ignores: expected a table"),
        ("[facts]\nquery = []", "2: unknown key 'facts.query'; did you mean 'queries'?"),
        ("[facts]\nsafe = [\n'a.b',\n'not a name']", "4: facts.safe: expected a qualified name such as 'app.services.fetch'"),
        ("source-roots = [\n'.',\n'missing']", "3: source-roots: 'missing' is no folder in "),
        ("select = [\n'a'\n'b']", "3: invalid TOML: "),
        ("a = 1\n\nb = '''", "3: invalid TOML: "),
        ("a = 1\na = 2", "2: invalid TOML: "),
        (b"a = '\n", "1: invalid TOML: "),
        (b"# ok\nselect = ['\xff']", "2: there are bytes that are not UTF-8"),
        ("select = []".encode("utf-16"), "1: it is UTF-16"),
        ("a = " + "[" * 5000, "1: "),
    ],
)  # fmt: skip
def test_errors_have_line_and_advice(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = write(tmp_path / "django-uplift.toml", text)
    with pytest.raises(ConfigError) as raised:
        load(path)
    assert str(raised.value).startswith(f"{path}:{message}"), str(raised.value)


def test_errors_in_pyproject_count_lines_of_the_file(tmp_path: Path) -> None:
    path = write(
        tmp_path / "pyproject.toml",
        "[project]\nname='x'\n[tool.'django-uplift']\nselect = []\nignored = []\n",
    )
    with pytest.raises(ConfigError, match=r":5: unknown option 'ignored'; did you mean 'ignore'\?"):
        load(path)
    with pytest.raises(ConfigError, match=r":2: \[tool.django-uplift\] must be a table"):
        load(write(path, "[tool]\ndjango-uplift = 'x'"))
    with pytest.raises(ConfigError, match=r"nope\.toml: it can't be read: No such file"):
        load(tmp_path / "nope.toml")


def test_pyproject_without_our_table(tmp_path: Path) -> None:
    path = write(tmp_path / "pyproject.toml", "[project]\ndependencies = ['django-uplift']\n")
    assert load_if_ours(path) is None
    assert load(path) == Settings(tmp_path, path)
    assert load_if_ours(write(path, "not [ toml")) is None, (
        "a broken file that isn't ours is no error of ours"
    )
    assert load_if_ours(write(path, "[tool.django-uplift]")) == Settings(tmp_path, path)


def test_byte_order_mark_and_overlay(tmp_path: Path) -> None:
    path = write(tmp_path / "django-uplift.toml", b"\xef\xbb\xbfselect = ['A']\r\nignore = ['B']\r\n")
    assert load(path).select == ("A",)
    store = FileStore()
    store.set_overlay(path, b"select = ['C']")
    assert load(path, store).select == ("C",)


def test_selectors_are_checked_at_their_line(tmp_path: Path) -> None:
    text = "select = ['ALL']\n[severity]\n'DUA1' = 'off'\n[per-file-ignores]\n'a' = [\n'force-txt']\n'b' = ['force-txt']"
    settings = load(write(tmp_path / "django-uplift.toml", text))
    names = {"ALL", "DUA1", "force-text"}
    with pytest.raises(
        ConfigError, match=r":6: per-file-ignores: no rule is called 'force-txt'; did you mean 'force-text'\?"
    ):
        check_selectors(settings, names.__contains__, names)
    check_selectors(settings, lambda _: True, names)
    with pytest.raises(ConfigError, match=r"^--select: no rule is called 'dua1'; did you mean 'DUA1'"):
        check_selectors(override(settings, select=["dua1"]), names.__contains__, names)
    in_file = load(write(tmp_path / "django-uplift.toml", "\nignore = ['nope']"))
    with pytest.raises(ConfigError, match=r":2: ignore: no rule is called 'nope'$"):
        check_selectors(override(in_file, ignore=["DUA1"]), names.__contains__, names)


def test_editor_settings(tmp_path: Path) -> None:
    settings = override_mapping(
        Settings(tmp_path),
        {
            "targetVersion": "5.2",
            "min-confidence": "possible",
            "perFileIgnores": {"a": ["B"]},
            "select": None,
        },
    )
    assert (settings.target_version, settings.min_confidence, settings.per_file_ignores, settings.select) == (
        "5.2", "possible", {"a": ("B",)}, (),
    )  # fmt: skip
    assert settings.source("target-version") == "the editor's settings"
    with pytest.raises(
        ConfigError,
        match=r"^initializationOptions: unknown option 'target-vers'; did you mean 'target-version'",
    ):
        override_mapping(Settings(tmp_path), {"targetVers": "5.2"}, "initializationOptions")
    base = Settings(tmp_path, tmp_path / "django-uplift.toml", ignore=("A",), unsafe_fixes=True)
    with pytest.raises(ConfigError, match=r"^the editor's settings: select: no rule is called 'x'$"):
        check_selectors(override_mapping(Settings(tmp_path), {"select": ["x"]}), lambda _: False, [])
    over = override_mapping(base, {"ignore": []})
    assert (over.ignore, over.unsafe_fixes, over.source("unsafe-fixes")) == ((), True, str(base.origin))


def test_command_line_overrides(tmp_path: Path) -> None:
    base = Settings(tmp_path, select=("A",), ignore=("B",), extend_exclude=("x",), target_version="4.2")
    over = override(
        base, select=["C"], ignore=["D"], extend_exclude=["y"], extend_select=None, target_version=None
    )
    assert (over.select, over.ignore, over.extend_exclude, over.target_version) == (
        ("C",),
        ("B", "D"),
        ("x", "y"),
        "4.2",
    )
    assert over.sources == {"select": "--select", "ignore": "--ignore", "extend-exclude": "--extend-exclude"}
    assert override(base) == base
    with pytest.raises(
        ConfigError, match=r"^--min-confidence: expected one of proven, likely, possible, not 'sure'"
    ):
        override(base, min_confidence="sure")


TOML = r'''
a.b."c d" = 1           # 2
'a'.x = { y = [1,
   "]", {z = '}#'}], w = 3 } # 4
s = """
[not.a.table]
k = "\"""" # "
t = [   # comment ]
  # another
  'one', """
two""",
    3.5, [ [4], 5 ],
] # 14
"quo\u0074ed\"" = 2024-01-01T00:00:00Z
[p.q]
r = ''' + "'''\n'it''s'\n'''" + r'''
[[arr]]
n = 1
[[arr]]
n = 2
[arr.sub]
m = 3
[[arr.deep]]
o = 4
'''  # fmt: skip


def test_toml_lines() -> None:
    import sys

    tomllib: Any = __import__("tomllib" if sys.version_info >= (3, 11) else "tomli")
    lines = toml_lines(TOML)
    expected = {
        ("a", "b", "c d"): "a.b.", ("a", "x"): "'a'.x", ("a", "x", "y", 1): '"]"', ("a", "x", "y", 2, "z"): '"]"',
        ("a", "x", "w"): "w = 3", ("s",): 's = """', ("t", 0): "'one'", ("t", 1): "'one'", ("t", 2): "3.5",
        ("t", 3, 0, 0): "3.5", ('quoted"',): '"quo', ("p", "q", "r"): "r = ", ("arr", 0, "n"): "n = 1",
        ("arr", 1, "n"): "n = 2", ("arr", 1, "sub", "m"): "m = 3", ("arr", 1, "deep", 0, "o"): "o = 4",
    }  # fmt: skip
    text = TOML.split("\n")
    for key, part in expected.items():
        assert part in text[lines[key] - 1], (key, lines[key])

    def paths(value: object, at: tuple[str | int, ...]) -> set[tuple[str | int, ...]]:
        found = {at}
        items = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for key, inner in items:
            found |= paths(inner, (*at, key))
        return found

    assert set(lines) == paths(tomllib.loads(TOML), ()) - {()}, "every key and item, and nothing else"


def test_schema_is_made_of_the_definition() -> None:
    schema = json_schema(releases=["4.2"], selectors=["DUA101"])
    assert list(schema["properties"]) == [option.name for option in OPTIONS]
    assert schema["additionalProperties"] is False
    assert schema["$schema"].endswith("draft-07/schema#")
    for option in OPTIONS:
        entry = schema["properties"][option.name]
        assert entry["description"] == option.help
        assert option.help.endswith("."), option.name
        assert "type" in entry or "enum" in entry
    properties = schema["properties"]
    assert properties["severity"]["additionalProperties"]["enum"] == [
        "error",
        "warning",
        "information",
        "hint",
        "off",
    ]
    assert properties["target-version"]["examples"] == ["4.2"]
    assert re.match(properties["target-version"]["pattern"], "5.2")
    assert properties["select"]["default"] == []
    assert properties["facts"]["additionalProperties"] is False
