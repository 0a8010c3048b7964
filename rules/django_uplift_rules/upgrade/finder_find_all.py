import ast
from collections.abc import Iterator

from django_uplift.api import Call, Confidence, Context, Edit, Finding, glimpse
from django_uplift_rules.kinds import ClassMember, Member, is_super

_FINDERS = (
    "BaseFinder",
    "FileSystemFinder",
    "AppDirectoriesFinder",
    "BaseStorageFinder",
    "DefaultStorageFinder",
)


class FinderFindAll(ClassMember):
    """Finders of one's own: Django gives them the argument by its new name."""

    def prefilter(self, data: bytes) -> bool:
        """Whether the bytes define such a method with the parameter's old name."""
        return any(arguments is None or _old(arguments) for arguments in glimpse.signatures(b"find", data))

    def member(self, member: Member, confidence: Confidence, ctx: Context) -> Iterator[Finding]:
        """The override's signature."""
        node = member.node
        if not isinstance(node, ast.FunctionDef):
            return
        old = _old(node.args)
        if old is None:
            return
        message = f"The parameter all of find() {self.since(ctx.target)}: Django passes find_all"
        start = ctx.span(old).start
        edits = [Edit(start, start + len("all"), "find_all")]
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id == "all":
                edits.append(ctx.replace(inner, "find_all"))
            elif isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                call: Call = ctx.call_of(inner)
                keyword = call.keyword("all")
                if inner.func.attr == "find" and is_super(inner.func.value) and keyword is not None:
                    edits.append(call.rename_keyword(keyword, "find_all"))
        unsafe = "callers that pass all by name must pass find_all"
        yield self.finding(
            ctx, old, message, ctx.fix("Rename to find_all", edits, unsafe=unsafe), confidence=confidence
        )


def _old(arguments: ast.arguments) -> ast.arg | None:
    """The parameter by its old name; None where ``**kwargs`` takes the new one, or both are there."""
    if arguments.kwarg is not None:
        return None
    named = {each.arg: each for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    return None if "find_all" in named else named.get("all")


rule = FinderFindAll(
    "DUR5201",
    ("find",),
    on=[f"django.contrib.staticfiles.finders.{name}" for name in _FINDERS],
    removed_in="5.2",
    replacement_since="5.2",
    link="https://docs.djangoproject.com/en/5.2/releases/5.2/#features-deprecated-in-5-2",
)
