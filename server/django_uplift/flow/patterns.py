"""Patterns of `match`: what they bind, and whether they can match at all."""

from __future__ import annotations

import ast

from django_uplift.flow.expressions import Expressions
from django_uplift.flow.frame import dotted
from django_uplift.types.values import (
    Class,
    Const,
    External,
    Inst,
    Plan,
    Query,
    Seq,
    Tup,
    Union,
    Value,
    options,
)


class Patterns(Expressions):
    """Plays the patterns of `match` statements."""

    def matched(self, pattern: ast.pattern, value: Value, at: ast.expr | None = None) -> bool | None:
        """Bind what a pattern captures of `value`, which `at` names; whether it matches, where that is known."""
        if isinstance(pattern, ast.MatchAs):
            found = True if pattern.pattern is None else self.matched(pattern.pattern, value, at)
            if pattern.name:
                held = self.local(dotted(at) or "") if at is not None else value
                narrowed = held if isinstance(held, Inst) else value
                self.bind(pattern.name, narrowed)
            return found
        if isinstance(pattern, ast.MatchOr):
            outcomes = [self.matched(each, value, at) for each in pattern.patterns]
            return True if True in outcomes else False if set(outcomes) == {False} else None
        if isinstance(pattern, ast.MatchValue):
            wanted = self.eval(pattern.value)
            if isinstance(value, Const) and isinstance(wanted, Const):
                return bool(value.value == wanted.value)
            return self._same_member(value, wanted)
        if isinstance(pattern, ast.MatchSingleton):
            return bool(value.value is pattern.value) if isinstance(value, Const) else None
        if isinstance(pattern, ast.MatchClass):
            return self._match_class(pattern, value, at)
        if isinstance(pattern, ast.MatchSequence):
            return self._match_sequence(pattern, value, at)
        if isinstance(pattern, ast.MatchMapping):
            self._match_mapping(pattern, value)
        if isinstance(pattern, ast.MatchStar) and pattern.name:
            self.bind(pattern.name, Seq("list", value))
        return None

    def _match_class(self, pattern: ast.MatchClass, value: Value, at: ast.expr | None) -> bool | None:
        with self.quiet():
            cls = self.eval(pattern.cls)
        name = cls.cls if isinstance(cls, Class) else cls.name if isinstance(cls, External) else ""
        fitting = [o for o in options(value) if isinstance(o, Inst) and self.program.is_a(o.cls, name)]
        others = [o for o in options(value) if o not in fitting]
        if name and value is not None and not fitting and all(isinstance(o, (Inst, Const)) for o in others):
            known = all(
                self.program.cls(o.cls) or self.models.info(o.cls) for o in others if isinstance(o, Inst)
            )
            if known and not any(self.program.is_a(name, o.cls) for o in others if isinstance(o, Inst)):
                return False
        if fitting:
            held: Value = fitting[0] if len(fitting) == 1 else Union(tuple(fitting))
        else:
            held = (
                Inst(name, Plan() if self.models.is_model(name) else None) if isinstance(cls, Class) else None
            )
        key = dotted(at) if at is not None else None
        if key is not None and held is not None:
            self.remember(key, held)
        for attribute, inner in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            self.matched(inner, self._attribute_of(held, attribute, inner, at))
        for inner in pattern.patterns:
            self.matched(inner, held if len(pattern.patterns) == 1 else None)
        plain = not pattern.kwd_patterns and not pattern.patterns
        return True if plain and fitting and not others else None

    def _attribute_of(self, value: Value, name: str, pattern: ast.pattern, at: ast.expr | None) -> Value:
        return self.each(value, lambda option: self.attribute(option, name, pattern))

    def _match_sequence(self, pattern: ast.MatchSequence, value: Value, at: ast.expr | None) -> bool | None:
        if isinstance(value, Query):
            # No `collections.abc.Sequence`.
            return False
        names = at.elts if isinstance(at, ast.Tuple) and len(at.elts) == len(pattern.patterns) else None
        if isinstance(value, Tup) and len(value.items) == len(pattern.patterns):
            outcomes = [
                self.matched(each, item, names[n] if names else None)
                for n, (each, item) in enumerate(zip(pattern.patterns, value.items, strict=True))
            ]
            return False if False in outcomes else True if set(outcomes) <= {True} else None
        item = value.item if isinstance(value, Seq) else None
        for each in pattern.patterns:
            self.matched(each, item)
        return None

    def _match_mapping(self, pattern: ast.MatchMapping, value: Value) -> None:
        for key, inner in zip(pattern.keys, pattern.patterns, strict=True):
            held = self.entry(value, self.eval(key)) if isinstance(value, Seq) else None
            self.matched(inner, held)
        if pattern.rest:
            self.bind(pattern.rest, value)
