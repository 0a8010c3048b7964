"""What a rule sees of the file that it checks: the words of Django, not those of files and versions."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from django_uplift.django.lacking import Lacking, excused, lacking
from django_uplift.django.releases import KNOWN, RELEASED, Release
from django_uplift.django.settings import assigned_settings
from django_uplift.django.target import from_release
from django_uplift.engine.findings import Change, Fix, Safety
from django_uplift.names.canonical import canonical
from django_uplift.names.guards import guard_of, in_type_checking, version_test
from django_uplift.names.module import Binding, ModuleNames
from django_uplift.names.summary import base_names
from django_uplift.project.config import Settings
from django_uplift.project.importers import Importers
from django_uplift.project.mentions import Mentions
from django_uplift.project.modules import Modules
from django_uplift.syntax.calls import Call, outer_span
from django_uplift.syntax.imports import ImportNode, Need
from django_uplift.syntax.statements import remove_statement
from django_uplift.syntax.templates import Template, TemplateTree
from django_uplift.syntax.tree import (
    FunctionNode,
    Tree,
    ancestors,
    function_of,
    parent,
    scope_of,
    statement_of,
)
from django_uplift.text.edits import Edit
from django_uplift.text.lines import Span
from django_uplift.text.source import newline_of

if TYPE_CHECKING:
    from django_uplift.engine.oracle import Oracle
    from django_uplift.flow.analysis import FileFlow
    from django_uplift.flow.events import Event
    from django_uplift.types.models import Field


# A Django of which nothing is known but that it comes.
_FAR_OFF = Release(99, 0)


class Reference(NamedTuple):
    """A place that names something by which rules are triggered.

    `node` is an import's alias, an attribute access, a name (through a star import), or the whole statement where the
    module that it imports from is meant; `name` is the qualified name.
    """

    node: ast.alias | ast.Attribute | ast.Name | ast.ImportFrom
    name: str


class Setting(NamedTuple):
    """A Django setting that is given a value.

    `node` is the assignment, or the keyword argument of ``override_settings(...)`` and its kin, or the key of a
    dictionary that is handed to these; `place` the name.
    """

    name: str
    node: ast.stmt | ast.keyword | ast.Constant
    place: Span
    value: ast.expr | None


class Ancestry(NamedTuple):
    """What a class inherits from.

    `names` are the documented qualified names of all ancestors that can be seen. `complete` says that there are no
    others: no base is computed or defined in a package that is neither the project's nor Django's.
    """

    names: frozenset[str]
    complete: bool


class Postponed(Exception):
    """Raised in a quick check by what takes long: the rule that asked is asked again in a full one."""


class Context:
    """One file under one target version."""

    quick = False
    """Whether somebody is typing, and what takes long is left for later."""
    alone = False
    """Whether `flow` is to tell what this file alone proves, in a quick check too."""
    interrupt: Callable[[], None] | None = None
    """Asked during what takes long: raises where nobody waits for it any more."""
    oracle: Callable[[], Oracle | None] = staticmethod(lambda: None)
    """Gives whom to ask for what our own inference can't tell."""
    is_settled = True
    """Whether no answer of the oracle is still to come that may change `flow`."""

    def __init__(
        self,
        path: Path,
        tree: Tree,
        names: ModuleNames,
        modules: Modules,
        importers: Importers,
        settings: Settings,
        target: Release,
        claims: frozenset[str] = frozenset(),
        mentions: Mentions | None = None,
        *,
        is_assumed: bool = False,
    ) -> None:
        self.path = path
        self.tree = tree
        self.names = names
        self.modules = modules
        self._importers = importers
        self.settings = settings
        self.target = target
        self._claims = claims
        self._mentions = mentions
        self._is_assumed = is_assumed

    @property
    def text(self) -> str:
        """The file's text."""
        return self.tree.text

    @property
    def template(self) -> Template | None:
        """The file as a template; None if it is a module."""
        return self.tree.template if isinstance(self.tree, TemplateTree) else None

    @cached_property
    def newline(self) -> str:
        """The file's line end."""
        return newline_of(self.text)

    @cached_property
    def oldest(self) -> Release:
        """The lowest Django that the code must still run on: the target, or what the project comes from.

        Where nothing says which Django the project is for, that may be any.
        """
        origin = from_release(self.settings)
        if origin is None and self._is_assumed:
            return RELEASED[0]
        return self.target if origin is None else min(self.target, origin)

    @cached_property
    def flow(self) -> FileFlow:
        """What the analysis of async code says about this file; made when the first rule asks."""
        if self.quick and not self.alone:
            raise Postponed
        from django_uplift.flow.analysis import analyse, session_for

        session = session_for(self.modules, self.modules.paths, self.settings, self.target)
        session.interrupt = self.interrupt
        oracle = self.oracle()
        session.recall = None if oracle is None else oracle.recall
        try:
            flow = analyse(
                session,
                self.path,
                self.tree,
                self.names.name,
                is_package=self.path.name == "__init__.py",
                ask=None if oracle is None else oracle.ask,
                alone=self.alone,
            )
            if self.alone:
                self.is_settled = False
                return flow
            if not flow.is_settled and oracle is not None:
                self.is_settled = not oracle.awaits(list(session.questions))
            return flow
        except BaseException:
            session.stop()
            raise
        finally:
            session.interrupt = None

    def rewrites(self, event: Event) -> list[Fix]:
        """The fixes for an event of `flow`, the best first."""
        from django_uplift.flow.rewrite import rewrites

        return [
            self.fix(found.title, found.edits, needs=found.needs, unsafe=found.unsafe)
            for found in rewrites(event, self)
        ]

    def release(self) -> None:
        """Let go of the tree, which is of no use afterwards, unless the analysis of async code has it, too."""
        if "flow" not in self.__dict__ and self.path not in self.modules.parsed:
            self.tree.release()

    # Places

    def span(self, node: ast.AST) -> Span:
        """The characters of a node."""
        return self.tree.span(node)

    def outer_span(self, node: ast.expr) -> Span:
        """The characters of an expression with the parentheses around it."""
        return outer_span(self.tree, node)

    def source(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.tree.source(node)

    def function(self, node: ast.AST) -> FunctionNode | ast.Lambda | None:
        """The function in whose body `node` is evaluated."""
        return function_of(node)

    # Names

    def resolve(self, node: ast.AST) -> str | None:
        """The qualified name of an expression, followed through the project's own re-exports."""
        name = self.names.resolve(node)
        return self._followed(name) if name else name

    def resolve_all(self, node: ast.AST) -> tuple[str, ...]:
        """As `resolve`, where several imports compete for a name (``try``/``except ImportError``)."""
        found = self.names.resolve_all(node)
        return tuple(map(self._followed, found))

    def call_of(self, node: ast.Call) -> Call:
        """A call, ready for its arguments to be read and edited."""
        return Call(node, self.tree, self.resolve(node.func) or "")

    def guarded(self, node: ast.AST, word: str = "") -> bool:
        """Whether the code at `node` never fails on the target: a version branch or an import fallback.

        With `word`, also a test such as ``hasattr(x, "word")``.
        """
        return guard_of(node, self.names, self.target, word) is not None

    def settled(self, test: ast.expr) -> bool | None:
        """What a test of ``django.VERSION`` gives on every Django that the code still meets; None if that is open."""
        versions = [release for release in KNOWN if release >= self.oldest]
        outcomes = {version_test(test, self.names, version) for version in (*versions, _FAR_OFF)}
        return outcomes.pop() if len(outcomes) == 1 else None

    def excused(self, node: ast.AST, word: str = "") -> bool:
        """As `guarded`, and where the code at `node` may be meant for other Djangos in any way that one can see."""
        return excused(node, word, self.names, self.target)

    @cached_property
    def lacking(self) -> tuple[Lacking, ...]:
        """What the file takes from Django and the target does not have."""
        if self.quick:
            raise Postponed
        if self.modules.file_of("django") is not None:
            # The project is Django, or brings one of its own.
            return ()
        return tuple(lacking(self.tree, self.names, self.target))

    def assigned(self, names: frozenset[str]) -> list[Setting]:
        """The places where settings get values, for rules that can't name theirs beforehand."""
        return [Setting(*found) for found in assigned_settings(self.tree, self.names, self.path, names)]

    def read_anywhere(self, word: str) -> bool:
        """Whether the project, or a package that is installed beside it, mentions a name that settings set."""
        return self._mentions is not None and self._mentions.reads(word)

    def set_anywhere(self, word: str) -> bool:
        """Whether the project gives a setting another value than ``False``, in whichever file."""
        return self._mentions is not None and self._mentions.sets(word)

    def claimed(self, name: str) -> bool:
        """Whether some rule speaks about a name, or about what it stands in: it explains why the name is gone."""
        while name:
            if name in self._claims or canonical(name) in self._claims:
                return True
            name = name.rpartition(".")[0]
        return False

    def fields_of(self, model: str, *, reverse: bool = False) -> dict[str, Field] | None:
        """The fields of a model of the project by its qualified name; None for what is not known to be such a model.

        With `reverse` also the relations that lead back to it, for which all of the project's models are read.
        """
        if self.quick:
            raise Postponed
        from django_uplift.flow.analysis import session_for

        models = session_for(self.modules, self.modules.paths, self.settings, self.target).models
        info = models.info(model) if models.is_model(model) else None
        if info is None:
            return None
        return {**models.reverse(model), **info.fields} if reverse else info.fields

    def may_be_relation(self, name: str) -> bool:
        """Whether a relation to many of the project may have this name, or the one that Django gives it."""
        return name.endswith("_set") or (self._mentions is not None and name in self._mentions.relations)

    def may_be_field(self, name: str, kind: str) -> bool:
        """Whether a class of the project gives this name to a kind of field, such as ``JSONField``."""
        return self._mentions is not None and name in self._mentions.fields(kind)

    def class_named(self, name: str) -> ast.ClassDef | None:
        """The definition of a class of the project, by its qualified name."""
        if self.quick:
            raise Postponed
        from django_uplift.flow.analysis import session_for

        program = session_for(self.modules, self.modules.paths, self.settings, self.target).program
        info = program.cls(name)
        return None if info is None else info.node

    def mentioned(self, text: str) -> bool:
        """Whether a Python file of the project holds a text."""
        return self._mentions is not None and self._mentions.holds(text)

    def only_for_types(self, node: ast.AST) -> bool:
        """Whether the code at `node` stands under ``if TYPE_CHECKING:``."""
        return in_type_checking(node, self.names)

    def ancestry(self, node: ast.ClassDef) -> Ancestry:
        """The classes that `node` inherits from, through this file, the project's others, and into Django."""
        found: dict[str, None] = {}
        pending = list(base_names(node, self.names))
        complete = True
        while pending:
            name = self._followed(pending.pop())
            if name in found:
                continue
            local = self._classes.get(name)
            bases = base_names(local, self.names) if local is not None else None
            if bases is None and name and not name.startswith("django."):
                bases = self.modules.bases_of(name)
            if name:
                found[name] = None
            if bases is not None:
                pending += bases
            elif not name.startswith("django."):
                complete = False
        return Ancestry(frozenset(found), complete)

    def _followed(self, name: str) -> str:
        if not name or name.startswith("django."):
            return name
        own = self.names.name
        if own and name.startswith(f"{own}."):
            first = name[len(own) + 1 :].partition(".")[0]
            # A package may have a submodule of that name.
            if first in self._defined and self.modules.file_of(f"{own}.{first}") is None:
                # It leads nowhere else, and to see that the file need not be read again at each keystroke.
                return name
        return self.modules.follow(name)

    @cached_property
    def _defined(self) -> frozenset[str]:
        """The functions and classes that are defined at module level, in branches too."""
        definitions: list[FunctionNode | ast.ClassDef] = [
            *self.tree.nodes(ast.FunctionDef),
            *self.tree.nodes(ast.AsyncFunctionDef),
            *self.tree.nodes(ast.ClassDef),
        ]
        return frozenset(node.name for node in definitions if isinstance(scope_of(node), ast.Module))

    @cached_property
    def _classes(self) -> dict[str, ast.ClassDef]:
        found = {self.names.resolve(node) or "": node for node in self.tree.nodes(ast.ClassDef)}
        found.pop("", None)
        return found

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """The class in one of whose methods `node` stands, however deep; None outside of classes."""
        return next((up for up in ancestors(node) if isinstance(up, ast.ClassDef)), None)

    @cached_property
    def in_migration(self) -> bool:
        """Whether the file is a migration: its history has to stay as it is."""
        return "migrations" in self.path.parts[-3:-1]

    def uses(self, alias: ast.alias) -> list[ast.Name]:
        """The places that use what an import binds."""
        identifier = alias.asname or alias.name.partition(".")[0]
        for binding in self.names.bindings(identifier):
            if binding.node is alias:
                return self.names.uses(binding)
        return []

    def exported(self, alias: ast.alias) -> bool:
        """Whether other modules can be meant to import this name from here."""
        identifier = alias.asname or alias.name
        if identifier in self._dunder_all:
            return True
        if function_of(alias) is not None:
            return False
        if self.path.name == "__init__.py" and not self.uses(alias):
            # What a package's own code uses is there for that, unless somebody takes it from there.
            return True
        if alias.asname == alias.name:
            return True
        return bool(self.names.name) and self._importers.takes(self.names.name, identifier, self.path)

    @cached_property
    def star_imported(self) -> bool:
        """Whether another file of the project takes all names of this module: settings are often built so."""
        return bool(self.names.name) and self._importers.takes(self.names.name, "*", self.path)

    @cached_property
    def _dunder_all(self) -> frozenset[str]:
        found: set[str] = set()
        for binding in self.names.bindings("__all__"):
            if isinstance(binding.value, (ast.List, ast.Tuple)):
                found.update(
                    e.value
                    for e in binding.value.elts
                    if isinstance(e, ast.Constant) and isinstance(e.value, str)
                )
        return frozenset(found)

    def reference_to(
        self,
        qualified: str,
        at: ast.AST,
        near: ImportNode | None = None,
        without: Iterable[ast.alias] = (),
        *,
        direct: bool = False,
    ) -> tuple[str, tuple[Need, ...]]:
        """How code at `at` can write `qualified` (a member of a module), and the import that this needs.

        An import that is there already is used. `near` is the import statement that a new one goes beside;
        `without` are aliases that are about to go. `direct` wants the bare name, not ``module.name``.
        """
        gone = set(without)
        module, _, name = qualified.rpartition(".")
        for alias in self._aliases:
            if alias in gone:
                continue
            identifier = alias.asname or alias.name.partition(".")[0]
            target = self.names.resolve(alias)
            if target == canonical(qualified) and self._sees(identifier, alias, at):
                return identifier, ()
        for alias in self._aliases:
            if alias in gone or direct:
                continue
            identifier = alias.asname or alias.name.partition(".")[0]
            imported = alias.name if isinstance(parent(alias), ast.Import) else self.names.resolve(alias)
            if imported == module and self._sees(identifier, alias, at):
                written = (
                    identifier if alias.asname or isinstance(parent(alias), ast.ImportFrom) else alias.name
                )
                return f"{written}.{name}", ()
        if self._is_free(name, at, gone):
            return name, (Need(module, name, near=near),)
        alias_name = f"{module.split('.')[-1]}_{name}" if module.count(".") else f"{module}_{name}"
        return alias_name, (Need(module, name, alias_name, near=near),)

    @cached_property
    def _aliases(self) -> list[ast.alias]:
        return sorted(self.tree.nodes(ast.alias), key=lambda alias: (alias.lineno, alias.col_offset))

    def _sees(self, identifier: str, alias: ast.alias, at: ast.AST) -> bool:
        bindings = self.names.lookup(identifier, at)
        return len(bindings) == 1 and bindings[0].node is alias and not self.only_for_types(alias)

    def _is_free(self, identifier: str, at: ast.AST, gone: set[ast.alias]) -> bool:
        if hasattr(builtins, identifier):
            return False
        return all(binding.node in gone for binding in self._visible(identifier, at))

    def _visible(self, identifier: str, at: ast.AST) -> list[Binding]:
        module_level = [b for b in self.names.bindings(identifier) if isinstance(b.scope, ast.Module)]
        return [*self.names.lookup(identifier, at), *module_level]

    # Fixes

    def fix(
        self,
        title: str,
        build: Callable[[], Change | None] | Sequence[Edit] | Edit,
        *,
        needs: Sequence[Need] = (),
        unsafe: str = "",
        display: bool = False,
    ) -> Fix:
        """A fix from its edits. `unsafe` says what may change; `display` marks a mere suggestion."""
        if callable(build):
            render = build
        else:
            edits = (build,) if isinstance(build, Edit) else tuple(build)
            change = Change(edits, tuple(needs))

            def render() -> Change | None:
                return change

        safety = Safety.DISPLAY if display else Safety.UNSAFE if unsafe else Safety.SAFE
        return Fix(title, render, safety, unsafe)

    def replace(self, node: ast.AST, text: str) -> Edit:
        """Replace a node's text."""
        return Edit(*self.span(node), text)

    def remove(self, statement: ast.stmt) -> list[Edit]:
        """Remove a statement with its line; comments stay."""
        return remove_statement(self.tree, statement)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement around a node."""
        return statement_of(node)
