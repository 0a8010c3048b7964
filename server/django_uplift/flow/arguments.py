"""What the arguments of calls are, as they are written."""

from __future__ import annotations

import ast


def argument(node: ast.AST, index: int) -> ast.AST:
    """A positional argument of a call, or its only keyword's; the node itself where it is no call, or has neither."""
    if isinstance(node, ast.Call):
        if index < len(node.args):
            arg = node.args[index]
            return arg.value if isinstance(arg, ast.Starred) else arg
        if node.keywords and not node.args:
            return node.keywords[0].value
    return node


def short_name(cls: str) -> str:
    """A class as users call it, without its module and what the analysis adds."""
    return cls.rpartition(".")[2].partition("@")[0].partition("+")[0]
