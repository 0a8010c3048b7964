"""Forms: validating one queries for what is unique or related, and for nothing else."""

from __future__ import annotations

import ast
from dataclasses import replace

from django_uplift.flow.calls import Calls
from django_uplift.flow.events import LIKELY, SYNC_ONLY
from django_uplift.flow.frame import operand
from django_uplift.types.program import Assigned, ClassInfo
from django_uplift.types.values import BOOL, FALSE, STR, TRUE, Inst, Value

_MODEL_FORM = "django.forms.ModelForm"
_CHOICES = ("django.forms.ModelChoiceField", "django.forms.ModelMultipleChoiceField")
_VALIDATE = frozenset({"is_valid", "full_clean"})
_RENDER = frozenset({"as_p", "as_div", "as_table", "as_ul", "render"})
_WHY = "validation queries for unique and related fields"


class Forms(Calls):
    """Plays forms."""

    def form_method(
        self, form: Inst, name: str, keywords: dict[str, Value], node: ast.AST
    ) -> tuple[bool, Value]:
        if name in _VALIDATE:
            self._validate(form, name, node)
            return True, BOOL if name == "is_valid" else None
        if name in _RENDER:
            self.render_form(form, node, node)
            return True, STR
        if name == "save" and keywords.get("commit") == FALSE and self.program.is_a(form.cls, _MODEL_FORM):
            model = self.form_model(form.cls)
            held = dict(form.args).get("instance")
            return True, held if held is not None else Inst(model) if model else None
        return False, None

    def form_errors(self, form: Inst, node: ast.AST) -> None:
        self._validate(form, "errors", node)

    def render_form(self, form: Inst, node: ast.AST, site: ast.AST) -> None:
        """Choices of related objects are fetched when they are shown; a form with data is validated, too."""
        choices = self._choices(form.cls)
        if choices:
            what = f"the choices of {_short(form.cls)}"
            self.report(SYNC_ONLY, node, "render", what, level=LIKELY, receiver=form)
        elif choices is not None:
            self._validate(form, "render", node)

    def _validate(self, form: Inst, name: str, node: ast.AST) -> None:
        held = dict(form.args)
        if held.get("_unbound") or held.get("_validated"):
            return
        shown = f"{_short(form.cls)}.{name}" + ("" if name == "errors" else "()")
        choices, unique = self._choices(form.cls), self._is_unique(form.cls)
        if choices or unique or (self.program.is_a(form.cls, _MODEL_FORM) and None in (choices, unique)):
            self.report(SYNC_ONLY, node, name, shown, level=LIKELY, receiver=form, extra={"why": _WHY})
        for method in self._cleaning(form.cls):
            found = self.program.member(form.cls, method)
            if found is not None and isinstance(found[1], ast.FunctionDef):
                self.call(self.method_of(found[0], found[1], form, node), [], {}, node)
        at = node.value if isinstance(node, ast.Attribute) else operand(node)
        if at is not None:
            self.keep(at, replace(form, args=(*form.args, ("_validated", TRUE))))

    def _cleaning(self, cls: str) -> list[str]:
        names = [
            n for info in self._infos(cls) for n in info.members if n == "clean" or n.startswith("clean_")
        ]
        return list(dict.fromkeys(names))

    def _infos(self, cls: str) -> list[ClassInfo]:
        return [info for base in self.program.mro(cls) if (info := self.program.cls(base)) is not None]

    def _declared_fields(self, cls: str) -> dict[str, str]:
        """The classes of the fields that a form's body declares."""
        found: dict[str, str] = {}
        for info in self._infos(cls):
            for name, binding in info.members.items():
                if isinstance(binding, Assigned) and isinstance(binding.value, ast.Call):
                    field = self.program.qualified(binding.value.func, info.mod)
                    if field:
                        found.setdefault(name, field)
        return found

    def _model_fields(self, cls: str) -> list[str] | None:
        """The names of the model's fields that a ModelForm takes over; None if that can't be read."""
        found = self.program.member(cls, "Meta")
        info = self.models.info(self.form_model(cls) or "")
        if found is None or not isinstance(found[1], ast.ClassDef) or info is None:
            return None
        for statement in found[1].body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                name, value = statement.targets[0].id, statement.value
                if name == "fields" and isinstance(value, ast.Constant):
                    return list(info.fields)
                if isinstance(value, (ast.List, ast.Tuple)):
                    texts = [e.value for e in value.elts if isinstance(e, ast.Constant)]
                    if len(texts) != len(value.elts):
                        return None
                    if name == "fields":
                        return [str(text) for text in texts]
                    if name == "exclude":
                        return [field for field in info.fields if field not in texts]
        return None

    def _choices(self, cls: str) -> bool | None:
        """Whether a form has fields that choose among rows; None if its fields are not known."""
        declared = self._declared_fields(cls)
        if any(self.program.is_a(field, *_CHOICES) for field in declared.values()):
            return True
        if not self.program.is_a(cls, _MODEL_FORM):
            return False
        names, info = self._model_fields(cls), self.models.info(self.form_model(cls) or "")
        if names is None or info is None:
            return None
        kinds = (info.fields[name].kind for name in names if name in info.fields and name not in declared)
        return any(kind in ("fk", "o2o", "m2m") for kind in kinds)

    def _is_unique(self, cls: str) -> bool | None:
        """Whether validation asks if something is there already; None if that is not known."""
        if not self.program.is_a(cls, _MODEL_FORM):
            return False
        names, info = self._model_fields(cls), self.models.info(self.form_model(cls) or "")
        if names is None or info is None:
            return None
        if any(info.fields[n].unique or info.fields[n].kind == "o2o" for n in names if n in info.fields):
            return True
        meta = self.program.member(info.name, "Meta")
        if meta is None or not isinstance(meta[1], ast.ClassDef):
            return False
        set_names = {
            target.id
            for statement in meta[1].body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        return bool(set_names & {"unique_together", "constraints"})


def _short(cls: str) -> str:
    return cls.rpartition(".")[2].partition("@")[0]
