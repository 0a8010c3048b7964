import ast
import json
import re

from django_uplift.api import Call, Confidence, Context, Found, Rule, glimpse, parent
from django_uplift_rules.kinds import queried

_JSON = re.compile(
    rb"""\bValue(?:[\s\\]|#[^\r\n]*[\r\n])*\((?:[\s\\(]|#[^\r\n]*[\r\n]|value\s*=)*[a-zA-Z]{0,2}['"]"""
    rb"""['"]*\s*(?:[\[{"\d\-\\]|true|false|null|NaN|Inf|['"])"""
)
_MAY_BE_JSON = re.compile(rb"""['"][\[{"\d\-tfn]""")
_SAVING = ("create", "update", "get_or_create", "update_or_create", "acreate", "aupdate")


class JsonfieldEncodedText(Rule):
    """``Value("...")`` for a JSON field: the text was decoded, and is a text of JSON now."""

    calls = ("django.db.models.Value",)

    def prefilter(self, data: bytes) -> bool:
        """A text that starts like JSON is the first argument, or somewhere if the callable has another name."""
        pattern = _MAY_BE_JSON if glimpse.renamed(b"Value", data) else _JSON
        return pattern.search(data) is not None

    def call(self, call: Call, ctx: Context) -> Found:
        """A text of JSON that is saved to a field which is known to be one for JSON."""
        value = call.argument("value", 0)
        if call.argument("output_field", 1) is not None or not _is_json(value):
            return
        keyword = parent(call.node)
        above = parent(keyword) if isinstance(keyword, ast.keyword) else None
        if not isinstance(keyword, ast.keyword) or not isinstance(above, ast.Call):
            return
        if not ctx.may_be_field(keyword.arg or "", "JSONField"):
            return
        model = _saved(above, ctx)
        fields = ctx.fields_of(model) if model else None
        field = fields.get(keyword.arg or "") if fields else None
        if field is None or field.type != "JSONField" or value is None:
            return
        message = (
            f"JSON as a text in Value() {self.since(ctx.target)}: it is saved as a JSON string; "
            "give the value itself"
        )
        yield self.finding(ctx, value, message, confidence=Confidence.PROVEN)


def _is_json(node: ast.expr | None) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    try:
        json.loads(node.value)
    except ValueError:
        return False
    return True


def _saved(call: ast.Call, ctx: Context) -> str | None:
    """The model of which the call saves an object: ``Model(...)``, ``Model.objects.create(...)``."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in _SAVING:
        return queried(call.func.value, ctx)
    return ctx.resolve(call.func)


rule = JsonfieldEncodedText(
    "DUR5112",
    deprecated_in="4.2",
    removed_in="5.1",
    replacement_since="4.2",
    link="https://docs.djangoproject.com/en/5.1/releases/5.1/#features-removed-in-5-1",
)
