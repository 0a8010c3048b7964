# Templates are one line each, whatever their length.
# ruff: noqa: E501
"""Where operations stand: helpers that hold them, and the shapes of code that reach them, or do not.

A wrapper hides an expression behind a function, method, property or object and gives the expression that reaches
it. A context gives the lines of an asynchronous function that does something with an expression and leaves `out`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from tests.fuzz.draft import Draft, Render, Subject

Wrapper = Callable[[Draft, Subject, Render], Render]
Context = Callable[[Draft, str], list[str]]

# Wrappers: {f} is a new function's name, {C} a new class's, {b} the expression on the parameter `it`, {a} what the
# parameter is annotated with. What follows '=>' reaches it.
_WRAPPERS = {
    "function": """
def {f}(it{a}):
    return {b}
=> {f}({r})
""",
    "unpacked arguments": """
def {f}(it{a}):
    return {b}
=> {f}(*[{r}])
""",
    "unpacked keywords": """
def {f}(it{a}):
    return {b}
=> {f}(**{"it": {r}})
""",
    "finally in a helper": """
def {f}(it{a}):
    try:
        return 1
    finally:
        value = {b}
=> {f}({r})
""",
    "loop in a helper": """
def {f}(items):
    found = []
    for it in items:
        found.append({b})
    return found
=> {f}([{r}])
""",
    "factory of functions": """
def {f}_factory(flag):
    def {f}(it):
        return {b}

    return {f}


{f}_made = {f}_factory(1)
=> {f}_made({r})
""",
    "class decorator": """
def {f}_mark(cls):
    cls.marked = True
    return cls


@{f}_mark
class {C}:
    def run(self, it{a}):
        return {b}
=> {C}().run({r})
""",
    "decorator with arguments": """
def {f}_retry(times):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapper

    return decorate


@{f}_retry(3)
def {f}(it{a}):
    return {b}
=> {f}({r})
""",
    "reduce": """
def {f}(total, it):
    return {b}
=> functools.reduce({f}, [{r}], 0)
""",
    "sort key": """
def {f}(it{a}):
    return str({b})
=> sorted([{r}], key={f}) is None
""",
    "filter": """
def {f}(it{a}):
    return {b} is None
=> list(filter({f}, [{r}]))
""",
    "filter that is not consumed": """
def {f}(it{a}):
    return {b} is None
=> filter({f}, [{r}])
""",
    "lru_cache": """
@functools.lru_cache
def {f}(it{a}):
    return {b}
=> {f}({r})
""",
    "property setter": """
class {C}:
    @property
    def value(self):
        return 1

    @value.setter
    def value(self, it):
        self.kept = {b}


def {f}(it):
    made = {C}()
    made.value = it
    return made.kept
=> {f}({r})
""",
    "descriptor": """
class {C}Field:
    def __get__(self, instance, owner):
        it = instance.it
        return {b}


class {C}:
    value = {C}Field()

    def __init__(self, it{a}):
        self.it = it
=> {C}({r}).value
""",
    "__new__": """
class {C}:
    def __new__(cls, it):
        made = super().__new__(cls)
        made.value = {b}
        return made
=> {C}({r}).value
""",
    "__exit__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.value = {s}


def {f}(it):
    with {C}(it) as scope:
        pass
    return scope.value
=> {f}({r})
""",
    "__next__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __iter__(self):
        return self

    def __next__(self):
        return {s}
=> next({C}({r}))
""",
    "__repr__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __repr__(self):
        return str({s})
=> f"{{C}({r})!r}"
""",
    "__format__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __format__(self, specification):
        return str({s})
=> "{}".format({C}({r}))
""",
    "__lt__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __lt__(self, other):
        return {s} is None
=> ({C}({r}) < 1)
""",
    "__hash__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __hash__(self):
        return len(str({s}))
=> hash({C}({r}))
""",
    "__setitem__": """
class {C}:
    def __setitem__(self, key, it):
        self.value = {b}


def {f}(it):
    made = {C}()
    made["a"] = it
    return made.value
=> {f}({r})
""",
    "__iadd__": """
class {C}:
    def __iadd__(self, it):
        self.value = {b}
        return self


def {f}(it):
    made = {C}()
    made += it
    return made.value
=> {f}({r})
""",
    "alternative constructor": """
class {C}:
    def __init__(self, value):
        self.value = value

    @classmethod
    def of(cls, it{a}):
        return cls({b})
=> {C}.of({r}).value
""",
    "abstract method": """
class {C}Base(abc.ABC):
    def run(self, it):
        return self.step(it)

    @abc.abstractmethod
    def step(self, it): ...


class {C}({C}Base):
    def step(self, it{a}):
        return {b}
=> {C}().run({r})
""",
    "two steps of a chain": """
class {C}:
    def take(self, it{a}):
        self.it = it
        return self

    def run(self):
        return {s}
=> {C}().take({r}).run()
""",
    "service of a service": """
class {C}Store:
    def read(self, it{a}):
        return {b}


class {C}:
    def __init__(self):
        self.store = {C}Store()

    def run(self, it):
        return self.store.read(it)
=> {C}().run({r})
""",
    "injected service": """
class {C}Store:
    def read(self, it{a}):
        return {b}


class {C}:
    def __init__(self, store):
        self.store = store

    def run(self, it):
        return self.store.read(it)
=> {C}({C}Store()).run({r})
""",
    "class that is chosen": """
class {C}:
    def run(self, it{a}):
        return {b}


{f}_classes = {"one": {C}}
=> {f}_classes["one"]().run({r})
""",
    "bound method in a local": """
class {C}:
    def run(self, it{a}):
        return {b}


def {f}(it):
    run = {C}().run
    return run(it)
=> {f}({r})
""",
    "named tuple": """
class {C}(NamedTuple):
    it: object

    def run(self):
        return {s}
=> {C}({r}).run()
""",
    "generator's send": """
def {f}(it{a}):
    received = yield 1
    yield {b}


def {f}_drive(it):
    generator = {f}(it)
    next(generator)
    return generator.send(1)
=> {f}_drive({r})
""",
    "generator that stops before": """
def {f}(it{a}):
    yield 1
    yield {b}
=> next({f}({r}))
""",
    "function with a local": """
def {f}(it{a}):
    value = {b}
    return value
=> {f}({r})
""",
    "keyword argument": """
def {f}(*, it{a}):
    return {b}
=> {f}(it={r})
""",
    "second argument": """
def {f}(first, it{a}, last=None):
    return {b}
=> {f}(1, {r})
""",
    "lambda of the module": """
{f} = lambda it: {b}
=> {f}({r})
""",
    "partial of the module": """
def {f}(first, it{a}):
    return {b}


{f}_partial = functools.partial({f}, 1)
=> {f}_partial({r})
""",
    "decorated": """
@logged
def {f}(it{a}):
    return {b}
=> {f}({r})
""",
    "own decorator": """
def {f}_decorator(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


@{f}_decorator
def {f}(it{a}):
    return {b}
=> {f}({r})
""",
    "recursion": """
def {f}(it, depth=1):
    if depth:
        return {f}(it, depth - 1)
    return {b}
=> {f}({r})
""",
    "mutual recursion": """
def {f}(it, depth=2):
    return {f}_other(it, depth - 1) if depth else {b}


def {f}_other(it, depth):
    return {f}(it, depth)
=> {f}({r})
""",
    "inner function": """
def {f}(it{a}):
    def inner():
        return {b}

    return inner()
=> {f}({r})
""",
    "returned function": """
def {f}(it{a}):
    def inner():
        return {b}

    return inner
=> {f}({r})()
""",
    "star arguments": """
def {f}_inner(it{a}):
    return {b}


def {f}(*args, **kwargs):
    return {f}_inner(*args, **kwargs)
=> {f}({r})
""",
    "early return": """
def {f}(it{a}):
    if it is None:
        return None
    return {b}
=> {f}({r})
""",
    "try in a helper": """
def {f}(it{a}):
    try:
        return {b}
    except (KeyError, ValueError):
        return None
=> {f}({r})
""",
    "list of one": """
def {f}(items):
    return [{b} for it in items]
=> {f}([{r}])
""",
    "generator that is consumed": """
def {f}(it{a}):
    yield {b}
=> list({f}({r}))
""",
    "generator that is not consumed": """
def {f}(it{a}):
    yield {b}
=> {f}({r})
""",
    "yield from": """
def {f}_inner(it{a}):
    yield {b}


def {f}(it):
    yield from {f}_inner(it)
=> next({f}({r}))
""",
    "callback parameter": """
def {f}(it{a}):
    return {b}


def {f}_apply(function, it):
    return function(it)
=> {f}_apply({f}, {r})
""",
    "callback that is not called": """
def {f}(it{a}):
    return {b}


def {f}_keep(function, it):
    return [function.__name__, 1]
=> {f}_keep({f}, {r})
""",
    "map with a function": """
def {f}(it{a}):
    return {b}
=> list(map({f}, [{r}]))
""",
    "map that is not consumed": """
def {f}(it{a}):
    return {b}
=> map({f}, [{r}])
""",
    "dict of functions": """
def {f}(it{a}):
    return {b}


{f}_table = {"run": {f}}
=> {f}_table["run"]({r})
""",
    "method": """
class {C}:
    def run(self, it{a}):
        return {b}
=> {C}().run({r})
""",
    "method on self": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def run(self):
        return {s}
=> {C}({r}).run()
""",
    "method through self": """
class {C}:
    def run(self, it{a}):
        return self._run(it)

    def _run(self, it):
        return {b}
=> {C}().run({r})
""",
    "static method": """
class {C}:
    @staticmethod
    def run(it{a}):
        return {b}
=> {C}.run({r})
""",
    "class method": """
class {C}:
    @classmethod
    def run(cls, it{a}):
        return {b}
=> {C}.run({r})
""",
    "inherited method": """
class {C}Base:
    def run(self, it{a}):
        return {b}


class {C}({C}Base):
    pass
=> {C}().run({r})
""",
    "overridden method": """
class {C}Base:
    def run(self, it{a}):
        return {b}


class {C}({C}Base):
    def run(self, it):
        return 1
=> {C}().run({r})
""",
    "hook of a subclass": """
class {C}Base:
    def run(self, it):
        return self.hook(it)

    def hook(self, it):
        return 1


class {C}({C}Base):
    def hook(self, it{a}):
        return {b}
=> {C}().run({r})
""",
    "hook of the base": """
class {C}Base:
    def run(self, it):
        return self.hook(it)

    def hook(self, it):
        return 1


class {C}({C}Base):
    def hook(self, it{a}):
        return {b}
=> {C}Base().run({r})
""",
    "super()": """
class {C}Base:
    def run(self, it{a}):
        return {b}


class {C}({C}Base):
    def run(self, it):
        return super().run(it)
=> {C}().run({r})
""",
    "mixin": """
class {C}Mixin:
    def run(self, it):
        return [super().run(it)]


class {C}Base:
    def run(self, it{a}):
        return {b}


class {C}({C}Mixin, {C}Base):
    pass
=> {C}().run({r})
""",
    "constructor": """
class {C}:
    def __init__(self, it{a}):
        self.value = {b}
=> {C}({r}).value
""",
    "inherited constructor": """
class {C}Base:
    def __init__(self, it{a}):
        self.value = {b}


class {C}({C}Base):
    pass
=> {C}({r}).value
""",
    "constructor with super()": """
class {C}Base:
    def __init__(self, it{a}):
        self.value = {b}


class {C}({C}Base):
    def __init__(self, it):
        super().__init__(it)
=> {C}({r}).value
""",
    "constructor that keeps it": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def run(self):
        return {s}
=> {C}({r}).it is None
""",
    "__post_init__": """
@dataclass
class {C}:
    it: Any

    def __post_init__(self):
        self.value = {s}
=> {C}({r}).value
""",
    "property": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    @property
    def value(self):
        return {s}
=> {C}({r}).value
""",
    "cached_property": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    @cached_property
    def value(self):
        return {s}
=> {C}({r}).value
""",
    "__call__": """
class {C}:
    def __call__(self, it{a}):
        return {b}
=> {C}()({r})
""",
    "__getitem__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __getitem__(self, key):
        return {s}
=> {C}({r})["a"]
""",
    "__contains__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __contains__(self, key):
        return bool({s})
=> ("a" in {C}({r}))
""",
    "__str__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __str__(self):
        return str({s})
=> str({C}({r}))
""",
    "__bool__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __bool__(self):
        return bool({s})
=> (1 if {C}({r}) else 2)
""",
    "__len__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __len__(self):
        return 1 if {s} else 2
=> len({C}({r}))
""",
    "__iter__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __iter__(self):
        yield {s}
=> list({C}({r}))
""",
    "__eq__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __eq__(self, other):
        return bool({s})
=> ({C}({r}) == 1)
""",
    "__add__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __add__(self, other):
        return {s}
=> ({C}({r}) + 1)
""",
    "__getattr__": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __getattr__(self, name):
        return {s}
=> {C}({r}).anything
""",
    "context manager class": """
class {C}:
    def __init__(self, it{a}):
        self.it = it

    def __enter__(self):
        return {s}

    def __exit__(self, *error):
        return None


def {C}_use(it):
    with {C}(it) as value:
        return value
=> {C}_use({r})
""",
    "contextmanager function": """
@contextmanager
def {f}(it{a}):
    yield {b}


def {f}_use(it):
    with {f}(it) as value:
        return value
=> {f}_use({r})
""",
    "callback in an attribute": """
def {f}(it{a}):
    return {b}


class {C}:
    def __init__(self, callback):
        self.callback = callback

    def run(self, it):
        return self.callback(it)
=> {C}({f}).run({r})
""",
    "callback in a class attribute": """
def {f}(it{a}):
    return {b}


class {C}:
    callback = staticmethod({f})

    def run(self, it):
        return self.callback(it)
=> {C}().run({r})
""",
    "method alias": """
class {C}:
    def run(self, it{a}):
        return {b}

    execute = run
=> {C}().execute({r})
""",
    "module's instance": """
class {C}:
    def run(self, it{a}):
        return {b}


{f} = {C}()
=> {f}.run({r})
""",
    "alias of a function": """
def {f}(it{a}):
    return {b}


{f}_alias = {f}
=> {f}_alias({r})
""",
    "imported in a function": """
def {f}(it{a}):
    return {b}


def {f}_outer(it):
    import functools as tools

    return tools.partial({f}, it)()
=> {f}_outer({r})
""",
    "conditional function": """
def {f}(it{a}):
    return {b}


def {f}_outer(it, run=True):
    return {f}(it) if run else None
=> {f}_outer({r})
""",
    "tuple that is unpacked": """
def {f}(it{a}):
    first, second = it, 1
    it = first
    return {b}
=> {f}({r})
""",
    "dict that is read": """
def {f}(data):
    it = data["it"]
    return {b}
=> {f}({"it": {r}})
""",
}
# It is called off the loop here, in all of them; the expression is a coroutine's, so it needs `await`.
_OFF = {
    "helper in a bridge": "await sync_to_async({f})({r})",
    "helper in to_thread": "await asyncio.to_thread({f}, {r})",
    "helper in an executor": "await asyncio.get_running_loop().run_in_executor(None, {f}, {r})",
    "helper in a partial in an executor": (
        "await asyncio.get_running_loop().run_in_executor(None, functools.partial({f}, {r}))"
    ),
    "helper in a partial in a bridge": "await sync_to_async(functools.partial({f}, {r}))()",
    "helper in an own bridge": "await threaded({f})({r})",
    "helper in a bridge class": "await in_thread({f})({r})",
    "helper in a pool": "await run_in_pool({f}, {r})",
    "helper in a partial bridge": "await functools.partial(sync_to_async, thread_sensitive=False)({f})({r})",
    "bridge in a variable": "await (bridged := sync_to_async({f}))({r})",
}


def _split(template: str) -> tuple[str, str]:
    code, _, reach = template.strip("\n").rpartition("\n=> ")
    return code, reach


def _wrap(template: str) -> Wrapper:
    code, reach = _split(template)

    def wrapper(draft: Draft, subject: Subject, render: Render) -> Render:
        function, cls = draft.name("helper"), draft.name("Service")
        annotation = ""
        if subject.annotation and draft.random.random() < 0.5:
            quoted = subject.annotation.strip('"')
            annotation = f': "{quoted}"' if "[" in quoted else f": {quoted}"
        filled = (
            code.replace("{f}", function)
            .replace("{C}", cls)
            .replace("{a}", annotation)
            .replace("{b}", render("it"))
            .replace("{s}", render("self.it"))
        )
        reached = reach.replace("{f}", function).replace("{C}", cls)
        exported = [name for name in _defined(filled) if name in reached or reached.startswith(name)]
        draft.define(filled, *exported)
        return lambda receiver: reached.replace("{r}", receiver)

    return wrapper


def _defined(code: str) -> list[str]:
    names = []
    for node in ast.parse(code).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
    return names


def _wrap_off(reach: str) -> Wrapper:
    def wrapper(draft: Draft, subject: Subject, render: Render) -> Render:
        function = draft.name("helper")
        draft.define(f"def {function}(it):\n    return {render('it')}", function)
        return lambda receiver: reach.replace("{f}", function).replace("{r}", receiver)

    return wrapper


WRAPPERS: dict[str, Wrapper] = {name: _wrap(template) for name, template in _WRAPPERS.items()}
COMMON = frozenset(
    (
        "function",
        "function with a local",
        "keyword argument",
        "early return",
        "list of one",
        "decorated",
        "own decorator",
        "generator that is consumed",
        "callback parameter",
        "method",
        "method on self",
        "method through self",
        "static method",
        "class method",
        "inherited method",
        "hook of a subclass",
        "super()",
        "constructor",
        "inherited constructor",
        "property",
        "context manager class",
        "contextmanager function",
        "service of a service",
        "injected service",
    )
)
"""The wrappers that projects are made of: drawn five times as often as the others."""
OFF_WRAPPERS: dict[str, Wrapper] = {name: _wrap_off(reach) for name, reach in _OFF.items()}

# Contexts in an asynchronous function; {e} is the expression. `out` is a list before.
_CONTEXTS = {
    "assigned": "out = {e}",
    "expression statement": "{e}",
    "appended": "out.append({e})",
    "returned": "return {e}",
    "in a display": "out = [1, {e}]",
    "in a dict": 'out = {"a": {e}}',
    "in an argument": "out = identity({e})",
    "in an awaited call": "out = await asyncio.sleep(0, {e})",
    "operand of a bridge": "out = await sync_to_async(identity)({e})",
    "operand of to_thread": "out = await asyncio.to_thread(identity, {e})",
    "conditional expression": "out = {e} if out == [] else None",
    "after and": "out = out == [] and {e}",
    "walrus": "out = [(value := {e}), 1]",
    "annotated": "value: object = {e}\nout = value",
    "unused": "value = {e}",
    "nested function, called": "def inner():\n    return {e}\n\nout = inner()",
    "nested function, called in a nested one": (
        "def inner():\n    return {e}\n\ndef outer():\n    return inner()\n\nout = outer()"
    ),
    "nested function, not called": "def inner():\n    return {e}\n\nout = inner.__name__",
    "nested function, returned": "def inner():\n    return {e}\n\nout = inner",
    "nested function in sync_to_async": "def inner():\n    return {e}\n\nout = await sync_to_async(inner)()",
    "nested function in to_thread": "def inner():\n    return {e}\n\nout = await asyncio.to_thread(inner)",
    "nested function in an executor": (
        "def inner():\n    return {e}\n\nout = await asyncio.get_running_loop().run_in_executor(None, inner)"
    ),
    "nested function in a pool": "def inner():\n    return {e}\n\nout = await run_in_pool(inner)",
    "nested function in a thread pool": (
        "def inner():\n    return {e}\n\nwith ThreadPoolExecutor() as pool:\n    out = pool.submit(inner).result()"
    ),
    "nested function under @sync_to_async": "@sync_to_async\ndef inner():\n    return {e}\n\nout = await inner()",
    "nested function under a thread-insensitive bridge": (
        "@sync_to_async(thread_sensitive=False)\ndef inner():\n    return {e}\n\nout = await inner()"
    ),
    "nested function under an own bridge": "@threaded\ndef inner():\n    return {e}\n\nout = await inner()",
    "nested function under a bridge class": "@in_thread\ndef inner():\n    return {e}\n\nout = await inner()",
    "nested function in a bridge, and called": (
        "def inner():\n    return {e}\n\nout = [await sync_to_async(inner)(), inner()]"
    ),
    "nested function in a gather": (
        "def inner():\n    return {e}\n\nout = await asyncio.gather(sync_to_async(inner)(), asyncio.sleep(0))"
    ),
    "nested function in a partial": "def inner(n):\n    return {e}\n\nout = functools.partial(inner, 1)()",
    "nested function in a list": "def inner():\n    return {e}\n\nfunctions = [inner]\nout = [f() for f in functions]",
    "nested function that is an argument": "def inner(_):\n    return {e}\n\nout = list(map(inner, [1]))",
    "nested function that is kept": "def inner(_):\n    return {e}\n\nout = identity(inner)",
    "nested generator, consumed": "def inner():\n    yield {e}\n\nout = list(inner())",
    "nested generator, not consumed": "def inner():\n    yield {e}\n\nout = inner()",
    "nested generator in a for": "def inner():\n    yield {e}\n\nfor value in inner():\n    out = value",
    "nested generator in sync_to_async": "def inner():\n    yield {e}\n\nout = await sync_to_async(lambda: list(inner()))()",
    "lambda, called": "function = lambda: {e}\nout = function()",
    "lambda, called at once": "out = (lambda: {e})()",
    "lambda, not called": "function = lambda: {e}\nout = 1",
    "lambda in sync_to_async": "out = await sync_to_async(lambda: {e})()",
    "lambda in to_thread": "out = await asyncio.to_thread(lambda: {e})",
    "lambda in an executor": "out = await asyncio.get_running_loop().run_in_executor(None, lambda: {e})",
    "lambda in sorted": "out = sorted([2, 1], key=lambda n: (n, {e}) and n)",
    "lambda in map": "out = list(map(lambda n: {e}, [1]))",
    "lambda in a map that is not consumed": "out = map(lambda n: {e}, [1])",
    "lambda as a default": 'out = {}.get("a", lambda: {e})',
    "list comprehension": "out = [{e} for _ in range(2)]",
    "list comprehension's condition": "out = [n for n in range(2) if {e} is not None]",
    "dict comprehension": "out = {n: {e} for n in range(2)}",
    "generator expression, not consumed": "out = ({e} for _ in range(2))",
    "generator expression, consumed": "out = list({e} for _ in range(2))",
    "generator expression, in any": "out = any({e} is None for _ in range(2))",
    "generator expression in a bridge": "out = await sync_to_async(list)({e} for _ in range(2))",
    "async comprehension": "out = [{e} async for _ in Tag.objects.filter(pk=1)]",
    "for": "for _ in range(2):\n    out = {e}",
    "for over a tuple": "for value in (1, {e}):\n    out = value",
    "while": "while out == []:\n    out = {e}\n    break",
    "async for": "async for _ in Tag.objects.filter(pk=1):\n    out = {e}",
    "else of async for": "async for _ in Tag.objects.filter(pk=1):\n    pass\nelse:\n    out = {e}",
    "if": "if out == []:\n    out = {e}",
    "default argument": "def inner(value={e}):\n    return value\n\nout = inner()",
    "default argument of an async function": "async def inner(value={e}):\n    return 1\n\nout = await inner()",
    "default argument of a lambda": "function = lambda value={e}: value\nout = function()",
    "argument of a decorator": (
        "def mark(value):\n    return lambda function: function\n\n@mark({e})\ndef inner():\n    return 1\n\nout = inner()"
    ),
    "class body": "class Local:\n    value = {e}\n\nout = Local.value",
    "method of a local class, called": (
        "class Local:\n    def run(self):\n        return {e}\n\nout = Local().run()"
    ),
    "method of a local class, not called": "class Local:\n    def run(self):\n        return {e}\n\nout = Local.__name__",
    "try": "try:\n    out = {e}\nexcept KeyError:\n    out = None",
    "try that swallows": "try:\n    out = {e}\nexcept Exception:\n    out = 1",
    "finally": "try:\n    pass\nfinally:\n    out = {e}",
    "with": "with nullcontext():\n    out = {e}",
    "context expression": "with nullcontext({e}) as value:\n    out = value",
    "suppress": "with suppress(Exception):\n    out = {e}",
    "async with": "async with AsyncScope():\n    out = {e}",
    "atomic block in a bridge": (
        "def inner():\n    with transaction.atomic():\n        return {e}\n\nout = await sync_to_async(inner)()"
    ),
    "assert": "assert {e} is not NotImplemented\nout = 1",
    "return of a comparison": "return {e} is None",
    "raise": "try:\n    raise ValueError({e})\nexcept ValueError:\n    out = 1",
    "async_to_sync in a bridge": (
        "async def inner():\n    return {e}\n\ndef outer():\n    return async_to_sync(inner)()\n\n"
        "out = await sync_to_async(outer)()"
    ),
    "asyncio.run in a thread": (
        "async def inner():\n    return {e}\n\nout = await asyncio.to_thread(lambda: asyncio.run(inner()))"
    ),
    "nested coroutine function": "async def inner():\n    return {e}\n\nout = await inner()",
    "task": "async def inner():\n    return {e}\n\nout = await asyncio.create_task(inner())",
    "gather": "async def inner():\n    return {e}\n\nout = await asyncio.gather(inner(), asyncio.sleep(0))",
    "wait_for": "async def inner():\n    return {e}\n\nout = await asyncio.wait_for(inner(), 5)",
    "nested async generator": "async def inner():\n    yield {e}\n\nout = [value async for value in inner()]",
    "bridge around a coroutine's helper": (
        "async def inner():\n    def work():\n        return {e}\n\n    return await sync_to_async(work)()\n\n"
        "out = await inner()"
    ),
    "asynccontextmanager": (
        "@asynccontextmanager\nasync def inner():\n    yield {e}\n\nasync with inner() as value:\n    out = value"
    ),
    "async context manager class": (
        "class Local:\n    async def __aenter__(self):\n        return {e}\n\n"
        "    async def __aexit__(self, *error):\n        return None\n\n"
        "async with Local() as value:\n    out = value"
    ),
    "f-string": 'out = f"{identity({e})}"[:0]',
    "context run": "out = contextvars.copy_context().run(lambda: {e})",
    "lock": "async with asyncio.Lock():\n    out = {e}",
    "timeout": "async with asyncio.Semaphore(1):\n    out = {e}",
    "lambda in a list that is not called": "functions = [lambda: {e}]\nout = len(functions)",
    "lambda in a local dict": 'functions = {"a": lambda: {e}}\nout = functions["a"]()',
    "async generator expression": "out = [value async for value in ({e} async for _ in Tag.objects.filter(pk=1))]",
    "async generator expression, not consumed": "out = ({e} async for _ in Tag.objects.filter(pk=1))",
    "nested class with a constructor": (
        "class Local:\n    def __init__(self):\n        self.value = {e}\n\nout = Local().value"
    ),
    "nested function with a default": "def inner(value=None):\n    return {e}\n\nout = inner(1)",
    "nested coroutine function in a local": "async def inner():\n    return {e}\n\nwork = inner()\nout = await work",
    "task in a local": (
        "async def inner():\n    return {e}\n\ntask = asyncio.ensure_future(inner())\nout = await task"
    ),
    "deleted": "values = {1: 2, 3: 4}\ndel values[1 if {e} is None else 3]\nout = values",
    "augmented": "total = []\ntotal += [{e}]\nout = total",
    "multiple targets": "out, other = {e}, 1",
    "keyword argument": "out = dict(value={e})",
    "call of a method": "out.append([{e}])",
    "nested comprehension": "out = [[{e} for _ in range(1)] for _ in range(1)]",
    "try else": "try:\n    pass\nexcept KeyError:\n    pass\nelse:\n    out = {e}",
    "except": "try:\n    raise KeyError\nexcept KeyError:\n    out = {e}",
    "match subject": "match [{e}]:\n    case [value]:\n        out = value\n    case _:\n        out = 1",
    "match body": "match 1:\n    case 1:\n        out = {e}",
    "subscript": "out = [1, 2][{e} is None]",
    "starred": "out = [*[{e}]]",
    "chained comparison": "out = 0 < 1 < 2 and {e} is None",
    "call_soon in a thread": (
        "def inner():\n    return {e}\n\nloop = asyncio.get_running_loop()\n"
        "out = await loop.run_in_executor(None, lambda: inner())"
    ),
}
# Those in which an `await` may stand.
_AWAITING = (
    "assigned",
    "expression statement",
    "appended",
    "returned",
    "in a display",
    "in an argument",
    "conditional expression",
    "walrus",
    "unused",
    "list comprehension",
    "for",
    "async for",
    "if",
    "try",
    "finally",
    "with",
    "context expression",
    "async with",
    "nested coroutine function",
    "task",
    "gather",
    "nested async generator",
    "asynccontextmanager",
    "async context manager class",
)


def _context(template: str) -> Context:
    def context(draft: Draft, expression: str) -> list[str]:
        return template.replace("{e}", expression).splitlines()

    return context


CONTEXTS: dict[str, Context] = {name: _context(template) for name, template in _CONTEXTS.items()}
AWAITING: dict[str, Context] = {name: CONTEXTS[name] for name in _AWAITING}

# Lines that are right, and look as if they were not: any finding on them is a false alarm.
DECOYS = (
    'seen = {"a": 1}\nseen.update(b=2)\nseen.get("a")',
    "numbers = [1, 2]\nnumbers.count(1)\nnumbers.extend([3])",
    'basket = Basket()\nbasket.get("a")\nbasket.count()\nbasket.update(a=1)\nbasket.delete()',
    "lazy = Order.objects.filter(pk=1).select_related('customer').order_by('pk')",
    "number = await Order.objects.acount()",
    "known = [row.pk async for row in Order.objects.all()]\nknown.count(1)\nlen(known)\nbool(known)",
    'first = await Order.objects.select_related("customer").afirst()\nif first and first.customer.name:\n    pass',
    "total = await sync_to_async(Order.objects.count)()",
    "exists = await Customer.objects.filter(pk=1).aexists()\nif exists:\n    pass",
    "tags = set()\ntags.update({1})\nsorted(tags)",
    "report = await sync_to_async(Report)()\nreport.total",
    "quiet = QuietReport()\nquiet.total",
    "fresh = Order(customer_id=1)\nfresh.customer_id\nfresh.label()",
    "async with AsyncScope() as scope:\n    scope",
    "with uncounted():\n    pass",
    "later = transaction.atomic",
    "empty = Order.objects.none()\nempty.count()",
)
