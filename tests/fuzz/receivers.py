# Templates are one line each, whatever their length.
# ruff: noqa: E501
"""What operations are done to: managers, querysets, related managers and instances, by how they came to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tests.fuzz.draft import Draft, Subject

Receiver = Callable[[Draft], Subject]

# Whose related managers lead where: an instance of the first has a manager of the third.
_RELATED = (
    ("Customer", "orders", "Order"),
    ("Team", "customer_set", "Customer"),
    ("Team", "members", "Member"),
    ("Order", "line_set", "Line"),
    ("Order", "invoices", "Invoice"),
    ("Product", "tags", "Tag"),
    ("Tag", "products", "Product"),
    ("Customer", "notes", "Note"),
    ("Member", "edited_orders", "Order"),
    ("Team", "gadgets", "Gadget"),
)
_MODELS = ("Order", "Customer", "Line", "Product", "Tag", "Team", "Member", "Invoice", "Gadget", "OpenOrder")
_KEYS = {"Member": 2, "Gadget": 4}


def key(model: str) -> int:
    """The key of a row that every relation of the model is set in."""
    return _KEYS.get(model, 1)


def _plural(model: str) -> str:
    return f"{model.lower()}s"


def _always(subject: Subject) -> Receiver:
    return lambda draft: subject


# Managers and querysets


def managers() -> Iterator[tuple[str, Receiver]]:
    """By name."""
    for model in _MODELS:
        text = f"{model}.objects"
        yield text, _always(Subject("manager", text, model, "manager"))
    for text, model, name in (
        ("get_user_model().objects", "Member", "get_user_model"),
        ("Order._default_manager", "Order", "_default_manager"),
        ("Invoice.plain", "Invoice", "second manager"),
    ):
        yield text, _always(Subject(name, text, model, "manager"))

    def local(draft: Draft) -> Subject:
        model = draft.random.choice(_MODELS)
        name = draft.name("manager")
        draft.setup.append(f"{name} = {model}.objects")
        return Subject("manager in a local", name, model, "manager", True, f'"Manager[{model}]"')

    yield "manager in a local", local

    def user(draft: Draft) -> Subject:
        draft.setup.append("User = get_user_model()")
        return Subject("get_user_model", "User.objects", "Member", "manager", True, "Manager")

    yield "User = get_user_model()", user

    def module_level(draft: Draft) -> Subject:
        draft.top.append("User = get_user_model()")
        return Subject("get_user_model", "User.objects", "Member", "manager")

    yield "module's User", module_level

    for owner, name, target in _RELATED:

        def related(draft: Draft, owner: str = owner, name: str = name, target: str = target) -> Subject:
            variable = draft.name(owner.lower())
            draft.setup.append(f"{variable} = await {owner}.objects.aget(pk={key(owner)})")
            return Subject("related manager", f"{variable}.{name}", target, "manager", True)

        yield f"{owner}.{name}", related


def querysets() -> Iterator[tuple[str, Receiver]]:
    """By name."""

    def chosen(draft: Draft) -> tuple[str, str]:
        model = draft.random.choice(_MODELS)
        template = draft.random.choice(
            [
                "{M}.objects.all()",
                "{M}.objects.filter(pk__gte=1)",
                '{M}.objects.order_by("pk")',
                "{M}.objects.exclude(pk=99)",
                "{M}.objects.filter(pk__gte=1).exclude(pk=99).order_by('-pk')",
                "{M}.objects.all()[:5]",
            ][: 5 if draft.random.random() < 0.98 else 6]
        )
        return template.replace("{M}", model), model

    def plain(draft: Draft) -> Subject:
        text, model = chosen(draft)
        return Subject("queryset", text, model, "queryset", annotation=f"QuerySet[{model}]")

    yield "queryset", plain

    def local(draft: Draft) -> Subject:
        text, model = chosen(draft)
        name = draft.name(draft.random.choice(["qs", "rows", _plural(model)]))
        draft.setup.append(f"{name} = {text}")
        return Subject("local queryset", name, model, "queryset", True, f"QuerySet[{model}]")

    yield "local queryset", local

    def stepwise(draft: Draft) -> Subject:
        text, model = chosen(draft)
        name = draft.name("qs")
        draft.setup += [
            f"{name} = {text}",
            f"{name} = {name}.filter(pk__lt=50)",
            f'{name} = {name}.order_by("pk")',
        ]
        return Subject("queryset in steps", name, model, "queryset", True, f"QuerySet[{model}]")

    yield "queryset in steps", stepwise

    def branches(draft: Draft) -> Subject:
        text, model = chosen(draft)
        name = draft.name("qs")
        draft.setup += [
            f"if await {model}.objects.aexists():",
            f"    {name} = {text}",
            "else:",
            f"    {name} = {model}.objects.order_by('pk')",
        ]
        return Subject("queryset of two branches", name, model, "queryset", True, f"QuerySet[{model}]")

    yield "queryset of two branches", branches

    def returned(draft: Draft) -> Subject:
        text, model = chosen(draft)
        name = draft.name(f"make_{_plural(model)}")
        annotation = draft.random.choice(["", f' -> "QuerySet[{model}]"', " -> QuerySet"])
        draft.define(f"def {name}(){annotation}:\n    return {text}", name)
        return Subject(
            "queryset from a helper", f"{name}()", model, "queryset", annotation=f"QuerySet[{model}]"
        )

    yield "queryset from a helper", returned

    def returned_async(draft: Draft) -> Subject:
        text, model = chosen(draft)
        name = draft.name(f"amake_{_plural(model)}")
        draft.define(f"async def {name}():\n    return {text}", name)
        variable = draft.name("qs")
        draft.setup.append(f"{variable} = await {name}()")
        return Subject(
            "queryset from an async helper", variable, model, "queryset", True, f"QuerySet[{model}]"
        )

    yield "queryset from an async helper", returned_async

    def bridged(draft: Draft) -> Subject:
        text, model = chosen(draft)
        variable = draft.name("qs")
        draft.setup.append(f"{variable} = await sync_to_async(lambda: {text})()")
        return Subject("queryset from a bridge", variable, model, "queryset", True, f"QuerySet[{model}]")

    yield "queryset from a bridge", bridged

    def attribute(draft: Draft) -> Subject:
        text, model = chosen(draft)
        cls, variable = draft.name("Holder"), draft.name("holder")
        draft.define(f"class {cls}:\n    def __init__(self):\n        self.rows = {text}", cls)
        draft.setup.append(f"{variable} = {cls}()")
        return Subject("queryset in an attribute", f"{variable}.rows", model, "queryset", True)

    yield "queryset in an attribute", attribute

    def passed(draft: Draft) -> Subject:
        text, model = chosen(draft)
        cls, variable = draft.name("Holder"), draft.name("holder")
        draft.define(f"class {cls}:\n    def __init__(self, rows):\n        self.rows = rows", cls)
        draft.setup.append(f"{variable} = {cls}({text})")
        return Subject("queryset passed to an attribute", f"{variable}.rows", model, "queryset", True)

    yield "queryset passed to an attribute", passed

    def method(draft: Draft) -> Subject:
        text, model = chosen(draft)
        cls, variable = draft.name("Source"), draft.name("source")
        draft.define(f"class {cls}:\n    def get_queryset(self):\n        return {text}", cls)
        draft.setup.append(f"{variable} = {cls}()")
        return Subject("queryset from a method", f"{variable}.get_queryset()", model, "queryset", True)

    yield "queryset from a method", method

    def property_(draft: Draft) -> Subject:
        text, model = chosen(draft)
        cls, variable = draft.name("Source"), draft.name("source")
        draft.define(f"class {cls}:\n    @property\n    def rows(self):\n        return {text}", cls)
        draft.setup.append(f"{variable} = {cls}()")
        return Subject("queryset from a property", f"{variable}.rows", model, "queryset", True)

    yield "queryset from a property", property_

    def custom(draft: Draft) -> Subject:
        text, model = draft.random.choice(
            [
                ("Order.objects.open()", "Order"),
                ("Order.objects.open().with_customer()", "Order"),
                ("Line.objects.big()", "Line"),
                ("Customer.of_team(1)", "Customer"),
                ("open_orders()", "Order"),
                ("annotated_orders()", "Order"),
                ("LazyReport().orders", "Order"),
            ]
        )
        return Subject("custom queryset method", text, model, "queryset", annotation=f"QuerySet[{model}]")

    yield "custom queryset method", custom

    def empty(draft: Draft) -> Subject:
        model = draft.random.choice(_MODELS)
        text = draft.random.choice(
            [f"{model}.objects.none()", f"{model}.objects.filter(pk__in=[])", f"{model}.objects.all()[:0]"]
        )
        if draft.random.random() < 0.5:
            name = draft.name("qs")
            draft.setup.append(f"{name} = {text}")
            return Subject("empty queryset", name, model, "queryset", True)
        return Subject("empty queryset", text, model, "queryset")

    yield "empty queryset", empty

    def related(draft: Draft) -> Subject:
        owner, name, model = draft.random.choice(_RELATED)
        variable = draft.name(owner.lower())
        fetch = draft.random.choice([f"aget(pk={key(owner)})", f"filter(pk={key(owner)}).afirst()"])
        draft.setup.append(f"{variable} = await {owner}.objects.{fetch}")
        return Subject("related queryset", f"{variable}.{name}.all()", model, "queryset", True)

    yield "related queryset", related

    def prefetched(draft: Draft) -> Subject:
        owner, name, model = draft.random.choice([r for r in _RELATED if r[1] != "notes"])
        variable = draft.name(owner.lower())
        lookup = draft.random.choice([f'"{name}"', f'Prefetch("{name}")'])
        draft.setup.append(
            f"{variable} = await {owner}.objects.prefetch_related({lookup}).aget(pk={key(owner)})"
        )
        return Subject("prefetched relation", f"{variable}.{name}.all()", model, "queryset", True)

    yield "prefetched relation", prefetched

    def evaluated(draft: Draft) -> Subject:
        text, model = chosen(draft)
        name = draft.name("qs")
        draft.setup.append(f"{name} = {text}")
        draft.setup += draft.random.choice(
            [
                [f"async for _ in {name}:", "    pass"],
                [f"known = [row async for row in {name}]"],
                [f"await sync_to_async(list)({name})"],
                [f"await sync_to_async(len)({name})"],
            ]
        )
        return Subject("evaluated queryset", name, model, "queryset", True)

    yield "evaluated queryset", evaluated

    def plain_list(draft: Draft) -> Subject:
        text, model = chosen(draft)
        name = draft.name("rows")
        draft.setup.append(
            draft.random.choice(
                [f"{name} = [row async for row in {text}]", f"{name} = await sync_to_async(list)({text})"]
            )
        )
        return Subject("list of rows", name, model, "list", True)

    yield "list of rows", plain_list


# Instances

_FETCHES: dict[str, Sequence[str]] = {
    "plain": (
        "{o} = await {M}.objects.aget(pk={k})",
        "{o} = await {M}.objects.filter(pk={k}).afirst()",
        '{o} = await {M}.objects.order_by("pk").filter(pk={k}).alast()',
        "{o} = (await {M}.objects.ain_bulk([{k}]))[{k}]",
        "{o} = [row async for row in {M}.objects.filter(pk={k})][0]",
        "{o}, made = await {M}.objects.aget_or_create(pk={k})",
        "{o} = await sync_to_async({M}.objects.get)(pk={k})",
        "{o} = await sync_to_async(lambda: {M}.objects.get(pk={k}))()",
        "{o} = (await sync_to_async(list)({M}.objects.filter(pk={k})))[0]",
        "{o} = await aget_object_or_404({M}, pk={k})",
        "{o} = await asyncio.to_thread({M}.objects.get, pk={k})",
        "async for {o} in {M}.objects.filter(pk={k}):\n    pass",
        "qs = {M}.objects.filter(pk={k})\n{o} = await qs.afirst()",
        "try:\n    {o} = await {M}.objects.aget(pk={k})\nexcept {M}.DoesNotExist:\n    return None",
        "({o},) = await asyncio.gather({M}.objects.aget(pk={k}))",
        "if ({o} := await {M}.objects.filter(pk={k}).afirst()) is None:\n    return None",
    ),
}
# The relation that `select_related` names, its plain field, its own relation.
_FORWARD = {
    "Order": ("customer", "customer__team", "product", "editor"),
    "Customer": ("team", "editor", "profile", "badge"),
    "Line": ("product", "order__customer", "order"),
    "Gadget": ("maker",),
    "Member": ("team",),
    "Invoice": ("order", "order__editor", "order__customer__team"),
}
_BACKWARD = {
    "Order": ("line_set", "invoices", "children", "customer"),
    "Customer": ("orders", "notes", "team"),
    "Product": ("tags", "line_set", "order_set"),
    "Tag": ("products",),
    "Team": ("members", "members__team", "customer_set"),
    "Line": ("product", "order__customer"),
    "Member": ("edited_orders", "groups"),
}
_PLAIN_FIELDS = {
    "Order": ("status", "created", "customer"),
    "Customer": ("name", "email"),
    "Line": ("quantity", "product"),
    "Product": ("name", "price"),
    "Gadget": ("name", "voltage"),
    "Member": ("username", "team"),
    "Invoice": ("number",),
    "Note": ("text", "object_id"),
    "Tag": ("name",),
    "Team": ("name",),
}
INSTANCE_MODELS = tuple(_PLAIN_FIELDS)


def _put(draft: Draft, template: str, model: str, **more: str) -> str:
    name = draft.name(model.lower())
    text = template.replace("{o}", name).replace("{M}", model).replace("{k}", str(key(model)))
    for key_, value in more.items():
        text = text.replace(f"{{{key_}}}", value)
    draft.setup += text.splitlines()
    return name


def instances(model: str) -> Iterator[tuple[str, Receiver]]:
    """Ways to come by an instance of a model, by name."""

    def made(name: str, choose: Callable[[Draft], str]) -> tuple[str, Receiver]:
        def receiver(draft: Draft) -> Subject:
            return Subject(name, _put(draft, choose(draft), model), model, "instance", True, model)

        return name, receiver

    yield made("fetched", lambda draft: draft.random.choice(_FETCHES["plain"]))
    if model in _FORWARD:

        def selected(draft: Draft) -> str:
            relation = draft.random.choice(_FORWARD[model])
            return draft.random.choice(
                [
                    f'{{o}} = await {{M}}.objects.select_related("{relation}").aget(pk={{k}})',
                    f'{{o}} = await {{M}}.objects.filter(pk={{k}}).select_related("{relation}").afirst()',
                    f'qs = {{M}}.objects.filter(pk={{k}})\nqs = qs.select_related("{relation}")\n{{o}} = await qs.afirst()',
                    f'async for {{o}} in {{M}}.objects.select_related("{relation}").filter(pk={{k}}):\n    pass',
                    f'{{o}} = await sync_to_async({{M}}.objects.select_related("{relation}").get)(pk={{k}})',
                    f'{{o}} = await sync_to_async(lambda: {{M}}.objects.select_related("{relation}").get(pk={{k}}))()',
                    f'{{o}} = [row async for row in {{M}}.objects.select_related("{relation}").filter(pk={{k}})][0]',
                ]
            )

        yield made("select_related", selected)
        yield made(
            "select_related that is lost",
            lambda draft: (
                draft.random.choice(
                    [
                        'qs = {M}.objects.filter(pk={k})\nqs.select_related("%s")\n{o} = await qs.afirst()',
                        '{o} = await {M}.objects.select_related("%s").select_related(None).aget(pk={k})',
                        '{o} = await {M}.objects.select_related("%s").aget(pk={k})\nawait {o}.arefresh_from_db()',
                    ]
                )
                % _FORWARD[model][0]
            ),
        )
        yield made("select_related of all", lambda _: "{o} = await {M}.objects.select_related().aget(pk={k})")
        yield made(
            "relation fetched before",
            lambda draft: (
                "{o} = await {M}.objects.aget(pk={k})\n"
                f"await sync_to_async(lambda: {{o}}.{_FORWARD[model][0]})()"
            ),
        )
    if model in _BACKWARD:
        yield made(
            "prefetch_related",
            lambda draft: (
                f'{{o}} = await {{M}}.objects.prefetch_related("{draft.random.choice(_BACKWARD[model])}").aget(pk={{k}})'
            ),
        )

    def limited(draft: Draft) -> str:
        field = draft.random.choice(_PLAIN_FIELDS[model])
        return (
            f'{{o}} = await {{M}}.objects.{draft.random.choice(["only", "defer"])}("{field}").aget(pk={{k}})'
        )

    yield made("only or defer", limited)
    yield made(
        "from a helper",
        lambda draft: _helper(draft, model),
    )
    yield made("from a service", lambda draft: _service(draft, model))
    if model == "Order":
        yield made(
            "created with a key", lambda _: "{o} = await {M}.objects.acreate(customer_id=1, product_id=1)"
        )
        yield made(
            "created with an instance",
            lambda _: (
                "owner = await Customer.objects.aget(pk=1)\n{o} = await {M}.objects.acreate(customer=owner, product_id=1)"
            ),
        )
        yield made(
            "assigned",
            lambda draft: draft.random.choice(
                [
                    "{o} = await {M}.objects.aget(pk={k})\n{o}.customer = await Customer.objects.aget(pk=2)",
                    '{o} = await {M}.objects.select_related("customer").aget(pk={k})\n{o}.customer_id = 2',
                    "{o} = Order(pk=1, customer_id=1)",
                    "{o} = Order(pk=1, customer=await Customer.objects.aget(pk=1))",
                    "{o} = Order(customer=await Customer.objects.aget(pk=1))\nawait {o}.asave()",
                ]
            ),
        )
        yield made(
            "through a related manager",
            lambda draft: (
                "owner = await Customer.objects.aget(pk=1)\n"
                + draft.random.choice(
                    [
                        "{o} = await owner.orders.aget(pk={k})",
                        '{o} = await owner.orders.order_by("pk").afirst()',
                        "{o} = [row async for row in owner.orders.filter(pk={k})][0]",
                        "{o} = await owner.orders.acreate(product_id=1)",
                        "async for {o} in owner.orders.filter(pk={k}):\n    pass",
                    ]
                )
            ),
        )
        yield made(
            "through another instance",
            lambda draft: draft.random.choice(
                [
                    "invoice = await Invoice.objects.aget(pk=1)\n{o} = invoice.order",
                    'invoice = await Invoice.plain.select_related("order").aget(pk=1)\n{o} = invoice.order',
                    'line = await Line.objects.select_related("order__customer").aget(pk=1)\n{o} = line.order',
                    'owner = await Customer.objects.prefetch_related("orders").aget(pk=1)\n{o} = owner.orders.all()[0]',
                    (
                        'owner = await Customer.objects.prefetch_related(Prefetch("orders", '
                        'queryset=Order.objects.order_by("pk"), to_attr="listed")).aget(pk=1)\n{o} = owner.listed[0]'
                    ),
                ]
            ),
        )
        yield made("custom queryset method", lambda _: "{o} = await {M}.objects.with_customer().aget(pk={k})")
        yield made(
            "bridged function",
            lambda draft: draft.random.choice(
                [
                    "{o} = await sync_to_async(first_order)()",
                    "{o} = await threaded(first_order)()",
                    "{o} = await run_in_pool(first_order)",
                    "{o} = await aload_order()",
                    "{o} = await aload_with_customer()",
                    "{o} = await {M}.objects.open().anewest()",
                ]
            ),
        )
    if model == "Invoice":
        yield made("second manager", lambda _: "{o} = await {M}.plain.aget(pk={k})")


def _select(draft: Draft, model: str) -> str:
    if model in _FORWARD and draft.random.random() < 0.5:
        return f'select_related("{_FORWARD[model][0]}").'
    return ""


def _helper(draft: Draft, model: str) -> str:
    name = draft.name("load")
    select = _select(draft, model)
    annotation = draft.random.choice(["", f" -> {model}", f' -> "{model}"', f" -> {model} | None"])
    if draft.random.random() < 0.5:
        draft.define(
            f"async def {name}(pk){annotation}:\n    return await {model}.objects.{select}aget(pk=pk)", name
        )
        return f"{{o}} = await {name}({{k}})"
    draft.define(f"def {name}(pk){annotation}:\n    return {model}.objects.{select}get(pk=pk)", name)
    return f"{{o}} = await sync_to_async({name})({{k}})"


def _service(draft: Draft, model: str) -> str:
    name = draft.name("Loader")
    select = _select(draft, model)
    if draft.random.random() < 0.5:
        draft.define(
            f"class {name}:\n"
            f"    model = {model}\n\n"
            f"    async def load(self, pk):\n        return await self.model.objects.{select}aget(pk=pk)",
            name,
        )
        return f"{{o}} = await {name}().load({{k}})"
    draft.define(
        f"class {name}:\n    def __init__(self, row):\n        self.row = row\n\n"
        f"    @classmethod\n    async def of(cls, pk):\n"
        f"        return cls(await {model}.objects.{select}aget(pk=pk))",
        name,
    )
    return f"loader = await {name}.of({{k}})\n{{o}} = loader.row"
