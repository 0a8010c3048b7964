"""The JSON report: what the schema says is what comes out, and the edits do what the fix does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from django_uplift import report
from django_uplift.cli.main import main
from django_uplift.report import formats
from django_uplift.text.edits import Edit, apply_edits
from django_uplift.text.lines import Lines

SCHEMA = json.loads((Path(report.__file__).parent / "check.schema.json").read_text("utf-8"))
SOURCE = "# 🦄\nfrom django.utils.encoding import force_text\n\n\ndef f(x):\n\treturn '日本', force_text(x)\n"


@pytest.fixture
def found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, Any]]:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text(SOURCE, "utf-8")
    (tmp_path / "broken.py").write_text("from django.utils.encoding import force_text\nforce_text(\n")
    monkeypatch.chdir(tmp_path)
    assert main(["--check", "--output-format", "json", "--target-version", "5.2", "--isolated"]) == 1
    findings: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return findings


def test_it_is_as_the_schema_says(found: list[dict[str, Any]]) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.validate(found, SCHEMA)
    assert {finding["path"] for finding in found} == {"broken.py", "sub/a.py"}


@pytest.mark.parametrize(
    "spoil",
    [
        {"extra": 1},
        {"severity": "fatal"},
        {"start": {"line": 0, "column": 1}},
        {"removed_in": "4"},
        {"fix": {"applicability": "safe", "title": "x", "edits": []}},
        {"trace": [{"path": "a.py", "line": 1, "column": 1}]},
    ],
)
def test_the_schema_refuses_what_is_wrong(found: list[dict[str, Any]], spoil: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{**found[0], **spoil}], SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate([{key: value for key, value in found[0].items() if key != "fix"}], SCHEMA)


def test_positions_count_characters_from_one(found: list[dict[str, Any]]) -> None:
    finding = next(f for f in found if (f["path"], f["slug"]) == ("sub/a.py", "force-text"))
    line = SOURCE.split("\n")[finding["start"]["line"] - 1]
    assert line[finding["start"]["column"] - 1 : finding["end"]["column"] - 1] == "force_text"


def test_the_edits_are_the_fix(found: list[dict[str, Any]]) -> None:
    finding = next(f for f in found if (f["path"], f["slug"]) == ("sub/a.py", "force-text"))
    starts = Lines(SOURCE).starts

    def offset(position: dict[str, int]) -> int:
        return starts[position["line"] - 1] + position["column"] - 1

    edits = [Edit(offset(e["start"]), offset(e["end"]), e["new_text"]) for e in finding["fix"]["edits"]]
    assert apply_edits(SOURCE, edits) == SOURCE.replace("force_text", "force_str")


def test_formats_are_found_by_looking() -> None:
    assert formats.names()[0] == "text"
    assert {"text", "json"} <= set(formats.names())
    for name in formats.names():
        assert formats.load(name).render
