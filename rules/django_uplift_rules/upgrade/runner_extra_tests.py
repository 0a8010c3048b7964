import ast

from django_uplift.api import Call, Context, Found
from django_uplift_rules.kinds import RemovedParameter, receiver

_RUNNERS = ("django.test.runner.DiscoverRunner",)


class RunnerExtraTests(RemovedParameter):
    """Overrides that want the argument, and calls that pass it on."""

    methods = ("build_suite", "run_tests")

    def prefilter(self, data: bytes) -> bool:
        """The argument, or a method that may pass it on by position."""
        return b"extra_tests" in data or b"build_suite" in data

    def method(self, call: Call, ctx: Context) -> Found:
        """A call of the runner's methods: ``super().build_suite(labels, extra_tests)``."""
        function = call.node.func
        assert isinstance(function, ast.Attribute)
        keyword = call.keyword("extra_tests")
        argument = keyword if keyword is not None else call.positional(1)
        if argument is None:
            return
        owner = function.value
        if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super":
            cls = ctx.class_of(call.node)
            if cls is None or ctx.ancestry(cls).names.isdisjoint(_RUNNERS):
                return
        elif receiver(owner, "", ctx, on=_RUNNERS) is None:
            return
        message = (
            f"The argument extra_tests of {function.attr}() {self.since(ctx.target)}: override build_suite() to add "
            "tests"
        )
        value = argument.value if isinstance(argument, ast.keyword) else argument
        handed_on = isinstance(value, ast.Name) and value.id == "extra_tests"
        removable = keyword is not None or len(call.node.args) == 2
        nothing = isinstance(value, ast.Constant) and value.value is None
        fix = None
        if removable and (nothing or handed_on):
            fix = ctx.fix(
                "Remove extra_tests",
                call.remove(argument),
                unsafe="" if nothing else "tests that a caller passes are no longer run",
            )
        place = call.keyword_span(keyword) if keyword is not None else ctx.span(argument)
        yield self.finding(ctx, place, message, fix)


rule = RunnerExtraTests(
    "DUR5023",
    {"build_suite": "extra_tests", "run_tests": "extra_tests"},
    on=_RUNNERS,
    distinctive=True,
    deprecated_in="4.0",
    removed_in="5.0",
    replacement_since="4.0",
    link="https://docs.djangoproject.com/en/5.0/releases/5.0/#features-removed-in-5-0",
)
