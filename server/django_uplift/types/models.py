"""The project's models: fields, relations in both directions, managers. Nothing is imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django_uplift.django.builtin_models import MODELS, BuiltinModel
from django_uplift.types.accessors import Accessors, accessors
from django_uplift.types.program import EVERYWHERE, Assigned, ClassInfo, Mod, Program, external_bases

MODEL = "django.db.models.Model"
MANAGER = "django.db.models.Manager"
QUERYSET = "django.db.models.QuerySet"
DEFAULT_USER = "django.contrib.auth.models.User"

for _name, _model in MODELS.items():
    external_bases(_name, *_model.bases)
for _name in ("UserManager", "GroupManager"):
    external_bases(f"django.contrib.auth.models.{_name}", MANAGER)
external_bases("django.contrib.auth.models.UserManager", "django.contrib.auth.base_user.BaseUserManager")
external_bases("django.contrib.auth.base_user.BaseUserManager", MANAGER)
external_bases("django.contrib.contenttypes.models.ContentTypeManager", MANAGER)
external_bases("django.contrib.sites.models.SiteManager", MANAGER)
external_bases("django.contrib.sites.managers.CurrentSiteManager", MANAGER)
external_bases(MANAGER, "django.db.models.BaseManager")
for _name in ("db", "cache", "cached_db", "file", "signed_cookies"):
    external_bases(
        f"django.contrib.sessions.backends.{_name}.SessionStore",
        "django.contrib.sessions.backends.base.SessionBase",
    )
for _name in ("polymorphic.managers.PolymorphicManager", "model_utils.managers.InheritanceManager"):
    external_bases(_name, MANAGER)
for _name in (
    "polymorphic.query.PolymorphicQuerySet",
    "polymorphic.managers.PolymorphicQuerySet",
    "model_utils.managers.InheritanceQuerySet",
):
    external_bases(_name, QUERYSET)

_RELATIONS = {
    "ForeignKey": "fk",
    "OneToOneField": "o2o",
    "ManyToManyField": "m2m",
    "GenericForeignKey": "gfk",
    "GenericRelation": "generic",
    "ParentalKey": "fk",
    "ParentalManyToManyField": "m2m",
    "TreeForeignKey": "fk",
    "TreeOneToOneField": "o2o",
    "TreeManyToManyField": "m2m",
    "AutoOneToOneField": "o2o",
    "SortedManyToManyField": "m2m",
    "TaggableManager": "m2m",
}
_FIELD_NAMES = re.compile(r"Field$|^(?:AutoField|HStore|Tagulous)")
_RELATION_WORDS = (b"ForeignKey", b"OneToOneField", b"ManyToManyField", b"GenericRelation", b"ParentalKey")
_THROUGH = ".through"
_SINGLE_RELATIONS = (b"ForeignKey(", b"OneToOneField(", b"GenericForeignKey(", b"ParentalKey(")
_NAMED = re.compile(rb"[ \t]+(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*(?:\w+\.)*")
# Patterns that start with plain characters are found fast: that a line begins there is looked at afterwards.
_CLASS = re.compile(rb"class[ \t]+(\w+)[ \t]*(?:\(([^)]*)\))?")
_BASE = re.compile(rb"(\w+)[ \t\r\n]*(?:,|$)")
_FETCHES = re.compile(rb"(?:select_related|prefetch_related|Prefetch|prefetch_related_objects)\(([^)]*)\)")
# What tests and admins fetch, they keep to themselves.
_KEPT = re.compile(r"\.(?:tests?|test_\w+|\w+_tests?|conftest|admin|migrations)\.")
_STRINGS = re.compile(rb"""["'](\w+)["']""")
_USER_MODEL = re.compile(rb"""^[ \t]*AUTH_USER_MODEL\b[^=\n]*=\s*["'](\w+)\.(\w+)["']""", re.MULTILINE)


class Field(NamedTuple):
    """A field, or a relation that leads back here.

    `kind`: 'plain', 'fk', 'o2o', 'm2m', 'gfk', 'generic', 'reverse-fk', 'reverse-o2o', 'reverse-m2m'. `target` is a
    model's qualified name. `back` is the field's name on the other side.
    """

    name: str
    kind: str
    target: str | None = None
    related_name: str = ""
    back: str = ""
    null: bool = False
    type: str = ""
    unique: bool = False
    to_field: bool = False
    """Whether a foreign key holds another field of its target than the primary key."""
    through: str = ""
    """For 'm2m' and 'reverse-m2m': the model in between."""


class ManagerInfo(NamedTuple):
    """A manager's class, and the queryset class that it gives out."""

    cls: str = MANAGER
    queryset: str = QUERYSET


class ModelInfo(NamedTuple):
    """A model with everything that it inherits."""

    name: str
    fields: dict[str, Field]
    managers: dict[str, ManagerInfo]
    abstract: bool

    @property
    def default_manager(self) -> ManagerInfo:
        """What related managers are made of."""
        return next(iter(self.managers.values()), ManagerInfo())


class _Facts(NamedTuple):
    """What one file says to all others, read by regular expressions."""

    module: str
    classes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Its classes, with the last parts of their bases' names."""
    has_relations: bool = False
    user: tuple[str, str] | None = None
    planned: frozenset[tuple[str, str]] = frozenset()
    """The relations that its queries bring along, with the last part of the model's name if that is clear."""
    singles: frozenset[str] = frozenset()
    """What its relations that lead to one object are called, as far as a regular expression can tell."""
    accessors: Accessors = Accessors()


_NOTHING: tuple[ModelInfo | None, frozenset[str]] = (None, frozenset())


class Models:
    """The models of one project."""

    def __init__(self, program: Program, paths: Iterable[Path]) -> None:
        self.program = program
        self._paths = paths
        self._infos: dict[str, tuple[ModelInfo | None, frozenset[str]]] = {}
        self._facts: dict[Path, _Facts] = {}
        self._files: list[str] | None = None
        """The modules with relations, once all files have been looked at."""
        self._by_class: dict[str, list[str]] = {}
        self._subclasses: dict[str, list[str]] = {}
        self._planned: set[tuple[str, str]] = set()
        self._declared_user: tuple[str, str] | None = None
        self._user: str | None = None
        self._reverse: tuple[dict[str, dict[str, Field]], frozenset[str]] | None = None
        self._called: dict[str, tuple[dict[str, Field], frozenset[str]]] = {}
        """By an accessor's name: the relations that it stands for, by the model that has it."""

    def forget(self, module: str | None = None) -> bool:
        """A file changed, or all; whether it may tell others something else now."""
        self._infos.clear()
        self._reverse = None
        self._called.clear()
        self._user = None
        self._files = None
        if module is None:
            self._facts.clear()
            return True
        paths = [path for path, facts in self._facts.items() if facts.module == module]
        old = [self._facts.pop(path) for path in paths]
        with suppress(OSError):
            path = paths[0] if paths else self.program.modules.file_of(module)
            if path is not None:
                self._facts[path] = self._look(path)
                return old != [self._facts[path]]
        return bool(old)

    # Models

    def is_model(self, cls: str) -> bool:
        """Whether a class is a model."""
        return self.info(cls) is not None

    def info(self, cls: str) -> ModelInfo | None:
        """What is known of a model; None for other classes."""
        known = self._infos.get(cls)
        if known is None:
            self._infos[cls] = _NOTHING
            known = self._infos[cls] = self.program.reading(lambda: self._make(cls))
        elif known[1]:
            self.program.reads |= known[1]
        return known[0]

    def _make(self, cls: str) -> ModelInfo | None:
        if cls.endswith(_THROUGH):
            return self._through(cls)
        builtin = self._builtin(cls)
        if builtin is None and self.program.cls(cls) is None:
            return None
        order = self.program.mro(cls)
        if MODEL not in order and not self._looks_like_model(cls, order):
            return None
        fields: dict[str, Field] = {}
        managers: dict[str, ManagerInfo] = {}
        abstract = bool(builtin and builtin.abstract)
        for base in reversed(order):
            known = self._builtin(base)
            if known is not None:
                for name, field in known.fields.items():
                    fields[name] = Field(
                        name, field.kind, self._builtin_target(field.target), field.related_name
                    )
                if known.manager != MANAGER:
                    managers = {
                        "objects": ManagerInfo(known.manager),
                        **{k: v for k, v in managers.items() if k != "objects"},
                    }
                continue
            info = self.program.cls(base)
            if info is not None:
                own_managers: dict[str, ManagerInfo] = {}
                for name, binding in info.members.items():
                    if isinstance(binding, Assigned) and isinstance(binding.value, ast.Call):
                        self._member(name, binding.value, info, cls, fields, own_managers)
                    elif name in fields and not isinstance(binding, Assigned):
                        fields.pop(name)
                if own_managers:
                    managers = {
                        **own_managers,
                        **{k: v for k, v in managers.items() if k not in own_managers},
                    }
        own = self.program.cls(cls)
        if own is not None:
            abstract = _meta_flag(own, "abstract")
        if "objects" not in managers and not any(True for _ in managers):
            managers["objects"] = ManagerInfo()
        return ModelInfo(cls, fields, managers, abstract)

    def _builtin(self, cls: str) -> BuiltinModel | None:
        """What the table says of a model, where there is no source that says more."""
        known = MODELS.get(cls)
        return known if known is not None and self.program.cls(cls) is None else None

    def _through(self, cls: str) -> ModelInfo | None:
        """The model that Django makes for a many-to-many relation, called ``app.models.Model.field.through``."""
        owner, _, name = cls.removesuffix(_THROUGH).rpartition(".")
        info = self.info(owner) if owner else None
        field = info.fields.get(name) if info is not None else None
        if field is None or field.kind != "m2m" or not field.target:
            return None
        ends = [owner.rpartition(".")[2].lower(), field.target.rpartition(".")[2].lower()]
        if ends[0] == ends[1]:
            ends = [f"from_{ends[0]}", f"to_{ends[1]}"]
        fields = {
            end: Field(end, "fk", target) for end, target in zip(ends, (owner, field.target), strict=True)
        }
        return ModelInfo(cls, fields, {"objects": ManagerInfo()}, False)

    def _looks_like_model(self, cls: str, order: tuple[str, ...]) -> bool:
        """A base that we can't read, and fields of Django's in the body: nothing else looks like that."""
        if not self.program.is_open(cls):
            return False
        for base in order:
            info = self.program.cls(base)
            for binding in info.members.values() if info else ():
                if isinstance(binding, Assigned) and isinstance(binding.value, ast.Call):
                    name = self.program.qualified(binding.value.func, info.mod) if info else None
                    if (
                        name
                        and name.startswith("django.db.models.")
                        and name.endswith(("Field", "ForeignKey"))
                    ):
                        return True
        return False

    def _builtin_target(self, target: str) -> str | None:
        return self.user if target == "AUTH_USER" else target or None

    def _member(
        self,
        name: str,
        value: ast.Call,
        info: ClassInfo,
        cls: str,
        fields: dict[str, Field],
        managers: dict[str, ManagerInfo],
    ) -> None:
        inner = value.func.id if isinstance(value.func, ast.Name) else ""
        manager = self.manager_of(value, info.mod)
        if isinstance(info.members.get(inner), ast.ClassDef):
            # A class of the model's own body.
            own = f"{info.name}.{inner}"
            manager = ManagerInfo(own, self.queryset_of(own)) if self.is_manager(own) else None
        if manager is not None:
            managers[name] = manager
            return
        kind, type_name = self._field_kind(value, info.mod)
        if not kind:
            return
        if kind == "plain":
            fields[name] = Field(
                name, kind, type=type_name, null=_flag(value, "null"), unique=_flag(value, "unique")
            )
            return
        target_node = next(
            (k.value for k in value.keywords if k.arg == "to"), value.args[0] if value.args else None
        )
        target = self.target(target_node, info.mod, cls) if kind != "gfk" else None
        related = next((k.value for k in value.keywords if k.arg == "related_name"), None)
        related_name = (
            related.value if isinstance(related, ast.Constant) and isinstance(related.value, str) else ""
        )
        through = ""
        if kind == "m2m":
            given = next((k.value for k in value.keywords if k.arg == "through"), None)
            made = f"{cls}.{name}{_THROUGH}"
            through = (self.target(given, info.mod, cls) or "") if given is not None else made
        fields[name] = Field(
            name,
            kind,
            target,
            related_name,
            null=_flag(value, "null"),
            type=type_name,
            to_field=any(k.arg == "to_field" for k in value.keywords),
            through=through,
        )

    def _field_kind(self, value: ast.Call, mod: Mod) -> tuple[str, str]:
        name = self.program.qualified(value.func, mod)
        if not name:
            return "", ""
        last = name.rpartition(".")[2]
        if last in _RELATIONS:
            return _RELATIONS[last], last
        for base in self.program.mro(name):
            base_last = base.rpartition(".")[2]
            if base_last in _RELATIONS:
                return _RELATIONS[base_last], base_last
        return ("plain", last) if _FIELD_NAMES.search(last) else ("", "")

    def manager_of(self, value: ast.expr, mod: Mod) -> ManagerInfo | None:
        """The manager that an expression in a class body makes."""
        if not isinstance(value, ast.Call):
            return None
        function = value.func
        if isinstance(function, ast.Attribute) and function.attr == "as_manager":
            queryset = self.program.qualified(function.value, mod)
            return ManagerInfo(f"{MANAGER}+{queryset}", queryset) if queryset else None
        if isinstance(function, ast.Call):
            made = self.program.made_manager(function, mod)
            return ManagerInfo(made, self.queryset_of(made)) if made else None
        name = self.program.qualified(function, mod)
        if not name:
            return None
        if "+" not in name:
            made = self._assigned_class(name)
            name = made or name
        if self.is_manager(name):
            return ManagerInfo(name, self.queryset_of(name))
        return None

    def _assigned_class(self, name: str) -> str | None:
        """``OrderManager = Base.from_queryset(Q)`` at module level."""
        found = self.program.locate(name)
        if found is None or len(found[1]) != 1:
            return None
        mod, (identifier,) = found[0], found[1]
        binding = mod.names.get(identifier)
        if isinstance(binding, Assigned) and isinstance(binding.value, ast.Call):
            return self.program.made_manager(binding.value, mod)
        return None

    def is_manager(self, cls: str) -> bool:
        """Whether a class is a manager's."""
        return any(
            base == MANAGER or base == "django.db.models.BaseManager" for base in self.program.mro(cls)
        ) or (
            self.program.cls(cls) is None
            and cls.endswith("Manager")
            and not cls.startswith("builtins.")
            and "." in cls
            and cls.rpartition(".")[2] not in ("SyncManager", "TaggableManager")
        )

    def is_queryset(self, cls: str) -> bool:
        """Whether a class is a queryset's. Managers that are made from one have its methods too."""
        order = self.program.mro(cls)
        return QUERYSET in order and MANAGER not in order

    def queryset_of(self, manager: str) -> str:
        """The queryset class that a manager's class is built on."""
        for base in self.program.mro(manager):
            if "+" in base:
                return base.rpartition("+")[2]
        found = self.program.member(manager, "_queryset_class")
        if found and isinstance(found[1], Assigned):
            name = self.program.qualified(found[1].value, found[0].mod)
            if name:
                return name
        found = self.program.member(manager, "get_queryset")
        if found and isinstance(found[1], ast.FunctionDef):
            # `return OrderQuerySet(self.model, using=self._db)`
            for node in ast.walk(found[1]):
                if isinstance(node, ast.Call):
                    name = self.program.qualified(node.func, found[0].mod)
                    if name and QUERYSET in self.program.mro(name):
                        return name
        return QUERYSET

    # Targets

    @property
    def user(self) -> str:
        """The user model."""
        self.program.reads.add(EVERYWHERE)
        if self._user is None:
            self._user = DEFAULT_USER
            self._scan()
            if self._declared_user:
                self._user = self.by_label(*self._declared_user) or DEFAULT_USER
        return self._user

    def target(self, node: ast.expr | None, mod: Mod, cls: str) -> str | None:
        """The model that a relation's first argument names."""
        if node is None:
            return None
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            if text == "self":
                return cls
            app, _, name = text.rpartition(".")
            if app:
                return self.by_label(app.rpartition(".")[2], name)
            here = self.program.top(name, mod)
            if here and not here.startswith("builtins.") and self.program.cls(here):
                return here
            return self.by_label(mod.name.split(".")[-2] if "." in mod.name else "", name)
        if isinstance(node, ast.Call):
            function = self.program.qualified(node.func, mod)
            return self.user if function and function.endswith(".get_user_model") else None
        qualified = self.program.qualified(node, mod)
        return self.user if qualified and qualified.endswith(".AUTH_USER_MODEL") else qualified

    def by_label(self, app: str, name: str) -> str | None:
        """The model that ``app.Name`` means."""
        for label in (f"django.contrib.{app}.models.{name}",):
            if label in MODELS:
                return label
        self._scan()
        candidates = self._by_class.get(name, [])
        if not candidates and app and self.program.cls(f"{app}.models.{name}") is not None:
            # A package's, where its app is labelled as the package is called.
            return f"{app}.models.{name}"
        inside = [c for c in candidates if app in c.split(".")]
        chosen = inside or candidates
        if len(chosen) > 1:
            chosen = [c for c in chosen if "models" in c] or chosen
        return chosen[0] if chosen and (inside or len(candidates) == 1) else None

    def called(self, name: str) -> str | None:
        """The project's one model of a name; None where there are several, or none."""
        self._scan()
        found = [cls for cls in self._by_class.get(name, ()) if self.is_model(cls)]
        return found[0] if len(found) == 1 else None

    def subclasses(self, cls: str) -> list[str]:
        """The project's classes whose bases name `cls`, however far down."""
        self._scan()
        found: list[str] = []
        pending = [cls]
        while pending and len(found) < 12:
            for sub in self._subclasses.get(pending.pop().rpartition(".")[2], ()):
                if sub not in found and cls in self.program.mro(sub):
                    found.append(sub)
                    pending.append(sub)
        return found

    def is_planned(self, relation: str, model: str) -> bool:
        """Whether some query of the project brings this relation along, or one of its name for no model we see."""
        self._scan()
        return ("", relation) in self._planned or any(
            (cls.rpartition(".")[2], relation) in self._planned for cls in self.program.mro(model)
        )

    # The project's files, by one regular expression each

    def _scan(self) -> list[str]:
        self.program.reads.add(EVERYWHERE)
        if self._files is not None:
            return self._files
        self._files = []
        self._by_class.clear()
        self._subclasses.clear()
        self._planned.clear()
        self._declared_user = None
        for path in self._paths:
            if path.suffix != ".py":
                continue
            facts = self._facts.get(path)
            if facts is None:
                try:
                    facts = self._facts[path] = self._look(path)
                except OSError:
                    continue
            if facts.user and (self._declared_user is None or "test" not in path.as_posix()):
                self._declared_user = facts.user
            self._planned |= facts.planned
            for short, bases in facts.classes:
                name = f"{facts.module}.{short}"
                self._by_class.setdefault(short, []).append(name)
                for base in bases:
                    self._subclasses.setdefault(base, []).append(name)
            if facts.has_relations:
                self._files.append(facts.module)
        return self._files

    def _look(self, path: Path) -> _Facts:
        """Raises `OSError`."""
        data = self.program.modules.store.read(path)
        module, _ = self.program.modules.name_of(path)
        planned: set[tuple[str, str]] = set()
        if (b"_related" in data or b"Prefetch" in data) and not _KEPT.search(f".{module}."):
            for match in _FETCHES.finditer(data):
                for text in _STRINGS.findall(match[1]):
                    first, *others = text.decode("utf-8", "replace").split("__")
                    planned.add((_start_of(data, match.start()), first))
                    planned.update(("", name) for name in others)
        if "migrations" in path.parts:
            return _Facts(module, planned=frozenset(planned))
        user = _USER_MODEL.search(data) if b"AUTH_USER_MODEL" in data else None
        classes = tuple(
            (match[1].decode(), tuple(base.decode() for base in _BASE.findall(match[2] or b"")))
            for match in _CLASS.finditer(data)
            if data[match.start() - 1 : match.start()] in b"\n"
        )
        has_relations = bool(classes) and any(word in data for word in _RELATION_WORDS)
        return _Facts(
            module,
            classes,
            has_relations,
            (user[1].decode(), user[2].decode()) if user else None,
            frozenset(planned),
            frozenset(_singles(data)) if has_relations else frozenset(),
            accessors(data) if classes else Accessors(),
        )

    def relation_names(self) -> frozenset[str]:
        """What the project calls relations that lead to one object; nothing is parsed to know."""
        self._scan()
        return frozenset().union(*(facts.singles for facts in self._facts.values()))

    # Relations that lead back

    def reverse(self, cls: str) -> dict[str, Field]:
        """The accessors that other models' relations put on a model, by name."""
        if self._reverse is None:
            made: dict[str, dict[str, Field]] = {}
            self._reverse = made, frozenset()
            _, reads = self.program.reading(lambda: self._build_reverse(made, self._scan()))
            self._reverse = made, reads
        back, reads = self._reverse
        self.program.reads |= reads
        found: dict[str, Field] = {}
        for base in reversed(self.program.mro(cls)):
            found.update(back.get(base, {}))
        for name, field in self._children(cls).items():
            found.setdefault(name, field)
        return found

    def _children(self, cls: str, name: str = "") -> dict[str, Field]:
        """Multi-table inheritance: the parent has its children as attributes; all of them, or the one of a name."""
        info = self.info(cls)
        found: dict[str, Field] = {}
        if info is None or info.abstract:
            return found
        for sub in self._subclasses.get(cls.rpartition(".")[2], ()):
            short = sub.rpartition(".")[2].lower()
            if name and short != name:
                continue
            child = self.program.cls(sub)
            if child is not None and cls in child.bases and not _meta_flag(child, "proxy"):
                parent = f"{cls.rpartition('.')[2].lower()}_ptr"
                found.setdefault(short, Field(short, "reverse-o2o", sub, back=parent, null=True))
        return found

    def is_ordered(self, cls: str | None) -> bool:
        """Whether a model's `Meta` orders its querysets."""
        for base in self.program.mro(cls) if cls else ():
            found = self.program.cls(base)
            meta = found.members.get("Meta") if found is not None else None
            for statement in meta.body if isinstance(meta, ast.ClassDef) else ():
                if (
                    isinstance(statement, ast.Assign)
                    and getattr(statement.targets[0], "id", "") == "ordering"
                ):
                    return not isinstance(statement.value, (ast.List, ast.Tuple)) or bool(
                        statement.value.elts
                    )
        return False

    def opposite(self, cls: str, field: Field) -> str:
        """What the model behind a one-to-one field of `cls` calls the way back; '' if it has no name for it."""
        for base in self.program.mro(cls):
            info = self.info(base)
            if info is not None and not info.abstract and field.name in info.fields:
                name = accessor(base, field, self.default_related_name(base))
                found = self.back(field.target, name) if field.target and name else None
                if found is not None and found.back == field.name:
                    return name
        return ""

    def back(self, cls: str, name: str) -> Field | None:
        """The relation behind a model's accessor `name`: as `reverse`, but only what may declare it is parsed."""
        known = self._called.get(name)
        if known is None:
            made: dict[str, Field] = {}
            self._called[name] = made, frozenset()
            _, reads = self.program.reading(lambda: self._find_called(name, made))
            known = self._called[name] = made, reads
        found, reads = known
        self.program.reads |= reads
        for base in self.program.mro(cls):
            if base in found:
                return found[base]
        return self._children(cls, name).get(name)

    def _find_called(self, name: str, found: dict[str, Field]) -> None:
        reverse: dict[str, dict[str, Field]] = {}
        self._build_reverse(reverse, self._declaring(name))
        found.update((cls, fields[name]) for cls, fields in reverse.items() if name in fields)

    def _declaring(self, name: str) -> list[str]:
        """Those modules with relations whose models, or what derives from those, may give others an accessor."""
        modules = self._scan()
        own: set[str] = set()
        pending: list[str] = []
        bases: dict[str, list[str]] = {}
        for facts in self._facts.values():
            for short, above in facts.classes:
                bases.setdefault(short, []).extend(above)
            if facts.accessors.may_give(name):
                own.add(facts.module)
                pending += (short for short, _ in facts.classes)
        # A relation of an abstract model leads back to the models that derive from it, wherever they are.
        above_them: set[str] = set()
        while pending:
            for base in bases.get(pending.pop(), ()):
                if base not in above_them:
                    above_them.add(base)
                    pending.append(base)
        for base in above_them:
            own.update(cls.rpartition(".")[0] for cls in self._by_class.get(base, ()))
        return [module for module in modules if module in own]

    def _build_reverse(self, reverse: dict[str, dict[str, Field]], modules: Iterable[str]) -> None:
        for name in MODELS:
            if name.startswith("django."):
                self._add_reverse(name, reverse)
        seen: set[str] = set()
        for module in modules:
            mod = self.program.mod(module)
            if mod is None:
                continue
            for identifier, binding in mod.names.items():
                if isinstance(binding, ast.ClassDef):
                    self._add_with_subclasses(f"{mod.name}.{identifier}", reverse, seen)

    def _add_with_subclasses(self, cls: str, reverse: dict[str, dict[str, Field]], seen: set[str]) -> None:
        if cls in seen:
            return
        seen.add(cls)
        info = self.info(cls)
        if info is None:
            return
        self._add_reverse(cls, reverse)
        if info.abstract:
            for sub in self._subclasses.get(cls.rpartition(".")[2], ()):
                self._add_with_subclasses(sub, reverse, seen)

    def _add_reverse(self, cls: str, reverse: dict[str, dict[str, Field]]) -> None:
        info = self.info(cls)
        if info is None or info.abstract:
            return
        for field in info.fields.values():
            if not field.target or field.kind not in ("fk", "o2o", "m2m"):
                continue
            name = accessor(cls, field, self.default_related_name(cls))
            if not name:
                continue
            reverse.setdefault(field.target, {}).setdefault(
                name,
                Field(name, f"reverse-{field.kind}", cls, back=field.name, null=True, through=field.through),
            )

    def default_related_name(self, cls: str) -> str:
        """What `Meta` calls the accessors of relations that do not say it themselves."""
        found = self.program.member(cls, "Meta")
        for statement in found[1].body if found and isinstance(found[1], ast.ClassDef) else ():
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
                target = statement.targets[0]
                if isinstance(target, ast.Name) and target.id == "default_related_name":
                    return str(statement.value.value)
        return ""


def accessor(cls: str, field: Field, default: str = "") -> str:
    """What the model behind a relation of `cls` calls the way back; '' where it has none.

    `default` is the `default_related_name` of `cls`.
    """
    short, name = cls.rpartition(".")[2].lower(), field.related_name or default
    if name.endswith("+"):
        return ""
    if not name:
        return short if field.kind == "o2o" else f"{short}_set"
    name = name.replace("%(class)s", short).replace("%(app_label)s", _app_label(cls))
    return name.replace("%(model_name)s", short)


def _app_label(cls: str) -> str:
    parts = cls.split(".")
    if "models" in parts:
        at = parts.index("models")
        return parts[at - 1] if at else ""
    return parts[-3] if len(parts) > 2 else parts[0]


def _meta_flag(info: ClassInfo | None, name: str) -> bool:
    meta = info.members.get("Meta") if info else None
    if not isinstance(meta, ast.ClassDef):
        return False
    return any(
        isinstance(s, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == name for t in s.targets)
        and isinstance(s.value, ast.Constant)
        and s.value.value is True
        for s in meta.body
    )


def _flag(call: ast.Call, name: str) -> bool:
    return any(
        k.arg == name and isinstance(k.value, ast.Constant) and k.value.value is True for k in call.keywords
    )


def _singles(data: bytes) -> Iterator[str]:
    """What relations that lead to one object are called, where a line holds the name and the field."""
    for word in _SINGLE_RELATIONS:
        at = data.find(word)
        while at >= 0:
            named = _NAMED.fullmatch(data, data.rfind(b"\n", 0, at) + 1, at)
            if named is not None:
                yield named[1].decode()
            at = data.find(word, at + len(word))


def _start_of(data: bytes, end: int) -> str:
    """The model at whose manager the query begins that goes on at `end`; empty where that can't be seen."""
    starts = list(_OBJECTS.finditer(data, max(0, end - _LONGEST_QUERY), end))
    if not starts:
        return ""
    found = starts[-1]
    between, count = data[found.end() : end], 1
    while count:
        between, count = _ARGUMENTS.subn(b"", between)
    return found[1].decode() if _CHAIN.fullmatch(between) else ""


_LONGEST_QUERY = 1000
_OBJECTS = re.compile(rb"\b([A-Z]\w*)\.(?:objects|_default_manager)\b")
_ARGUMENTS = re.compile(rb"\([^()]*\)")
_CHAIN = re.compile(rb"(?:\s*\.\s*\w+)*\s*\.\s*")
