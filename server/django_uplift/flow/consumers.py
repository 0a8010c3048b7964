"""Functions that iterate what they are given, or will."""

from __future__ import annotations

import ast
from dataclasses import replace

from django_uplift.flow.arguments import argument
from django_uplift.flow.frame import Pending, dotted
from django_uplift.flow.functions import TAKES_ALL, GeneratorEffects
from django_uplift.flow.instances import Instances
from django_uplift.types.values import BOOL, INT, NOTHING, Inst, Query, Seq, Tup, Value, join, options


class Consumers(Instances):
    """Calls of functions and methods that take whole iterables in."""

    def _consume(
        self, name: str, short: str, args: list[Value], keywords: dict[str, Value], node: ast.AST
    ) -> Value:
        """A function that iterates what it is given."""
        gives = TAKES_ALL[name]
        if short in ("max", "min") and len(args) > 1:
            return join(args[0], args[1])
        key = keywords.get("key")
        if short in ("map", "filter"):
            items = [self.iterate(arg, argument(node, n + 1), short, node) for n, arg in enumerate(args[1:])]
            function = args[0] if args else None
            if function is not None and items:

                def work() -> Value:
                    result = self.call(function, items, {}, node)
                    return result if short == "map" else items[0]

                return Seq("iter", pending=Pending(work, self))
            return Seq("iter", items[0] if items else None)
        if gives == "iter-by" and len(args) > 1:
            return self._filtered(args, node)
        if short == "starmap":
            item = self.iterate(args[1], argument(node, 1), short, node) if len(args) > 1 else None
            given = list(item.items) if isinstance(item, Tup) else [item]
            return Seq("iter", pending=Pending(lambda: self.call(args[0], given, {}, node), self))
        if short in ("copy", "dumps") and args:
            if isinstance(args[0], Query):
                self.iterate(args[0], argument(node, 0), name, node)
            return args[0] if short == "copy" else None
        if short == "iter":
            return self.iterator(args[0], argument(node, 0), node) if len(args) == 1 else None
        if short == "next" and args:
            generator = args[0]
            if isinstance(generator, Seq) and isinstance(generator.pending, GeneratorEffects):
                return self._step(generator, generator.pending, node)
            return self.iterate(generator, argument(node, 0), short, node)
        if short == "chain":

            def chained() -> Value:
                found = [self.iterate(arg, argument(node, n), "chain", node) for n, arg in enumerate(args)]
                result = found[0] if found else None
                for item in found[1:]:
                    result = join(result, item)
                return result

            return Seq("iter", pending=Pending(chained, self))
        wanted = args if gives == "zip" or short == "chain" else args[1:2] if short == "reduce" else args[:1]
        offset = 1 if short == "reduce" else 0
        items = []
        for n, arg in enumerate(wanted):
            if short == "dict" and isinstance(arg, Seq) and arg.kind == "dict":
                return arg
            items.append(self.iterate(arg, argument(node, n + offset), short, node))
        if short == "reduce" and args and items:
            return self.call(args[0], [items[0], items[0]], {}, node)
        if key is not None and key != NOTHING and items:
            self.call(key, items[:1], {}, node)
        first = items[0] if items else None
        if short in ("sorted", "max", "min") and (key is None or key == NOTHING):
            self._put_in_order(first, node)
        if short == "all" or short == "any":
            if isinstance(first, Inst):
                self._truth(first, argument(node, 0), node)
        if gives == "enumerate":
            return Seq("iter", Tup((INT, first)))
        if gives == "zip":
            return Seq("iter", Tup(tuple(items)))
        if gives == "pairs":
            return Seq("iter", Tup((first, first)) if short == "pairwise" else Seq("tuple", first))
        if gives == "lists":
            return Seq("iter", Seq("list", first))
        if gives == "groupby":
            if len(args) > 1:
                self.call(args[1], [first], {}, node)
            return Seq("iter", Tup((None, Seq("iter", first))))
        if gives == "dict":
            pair = first.items if isinstance(first, Tup) and len(first.items) == 2 else (None, None)
            return Seq("dict", *pair)
        if gives in ("list", "tuple", "set", "iter"):
            return Seq(gives, first)
        if gives == "item":
            return first
        return BOOL if gives == "bool" else None

    def _filtered(self, args: list[Value], node: ast.AST) -> Value:
        """`takewhile(test, rows)`: the rows are asked for at once, the test later."""
        item = self.iterate(args[1], argument(node, 1), "filter", node)

        def work() -> Value:
            if args[0] is not None:
                self.call(args[0], [item], {}, node)
            return item

        return Seq("iter", pending=Pending(work, self))

    def _put_in_order(self, item: Value, node: ast.AST) -> None:
        """Put items in order: theirs is asked for."""
        for option in options(item):
            if isinstance(option, Inst):
                self.dunder(option, "__lt__", node, node, option)

    def _step(self, generator: Seq, pending: GeneratorEffects, node: ast.AST) -> Value:
        """`next(generator)`: what stands before the next `yield` happens."""
        key = dotted(argument(node, 0))
        if pending.reaches():
            self.play_effect(pending, node)
            if key is not None:
                self.remember(key, replace(generator, pending=None))
        elif key is not None:
            self.remember(key, replace(generator, pending=pending.advanced()))
        return generator.item

    def _sequence_method(self, receiver: Seq | Tup, name: str, args: list[Value], node: ast.AST) -> Value:
        kind = receiver.kind if isinstance(receiver, Seq) else "tuple"
        if name in ("extend", "update", "union", "intersection", "difference", "difference_update") and args:
            item = self.iterate(args[0], argument(node, 0), name, node)
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(receiver, Seq)
                and kind != "dict"
            ):
                self.refine(
                    node.func.value,
                    replace(receiver, item=item if receiver.item is None else join(receiver.item, item)),
                )
            return None
        if name in ("append", "add", "insert") and args and isinstance(receiver, Seq):
            item = args[-1]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                held = replace(receiver, item=item if receiver.item is None else join(receiver.item, item))
                target = node.func.value
                self.refine(target, held)
                if isinstance(target, ast.Subscript):
                    self.hold(target.value, held)
                elif isinstance(target, ast.Call) and isinstance(target.func, ast.Attribute):
                    # `groups.setdefault(key, []).append(row)`
                    if target.func.attr == "setdefault":
                        self.hold(target.func.value, held)
            return None
        if name == "sort" and isinstance(receiver, Seq) and isinstance(node, ast.Call):
            if not any(keyword.arg == "key" for keyword in node.keywords):
                self._put_in_order(receiver.item, node)
            for keyword in node.keywords:
                if keyword.arg == "key":
                    with self.quiet():
                        key = self.eval(keyword.value)
                    self.call(key, [receiver.item], {}, node)
            return None
        if isinstance(receiver, Seq):
            if name in ("send", "__next__"):
                at = (
                    node.func.value
                    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                    else node
                )
                return self.iterate(receiver, at, "send", node)
            if kind == "dict":
                if name == "values":
                    return Seq("iter", receiver.value)
                if name == "items":
                    return Seq("iter", Tup((receiver.item, receiver.value)))
                if name == "keys":
                    return Seq("iter", receiver.item)
                if name in ("get", "pop", "setdefault"):
                    held = self.entry(receiver, args[0] if args else None)
                    return held if held is not None or name != "setdefault" or len(args) < 2 else args[1]
            if name == "pop":
                return receiver.item
            if name == "copy":
                return receiver
        return None
