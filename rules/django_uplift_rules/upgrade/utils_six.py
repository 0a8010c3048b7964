from django_uplift_rules.kinds import MovedModule

_SUBMODULES = (
    "",
    ".moves",
    ".moves.urllib",
    ".moves.urllib.parse",
    ".moves.urllib.request",
    ".moves.urllib.error",
)

rule = MovedModule(
    "DUR3002",
    {f"django.utils.six{name}": f"six{name}" for name in _SUBMODULES},
    without=("python_2_unicode_compatible", "memoryview", "buffer_types"),
    unsafe="needs the package six",
    removed_in="3.0",
    link="https://docs.djangoproject.com/en/3.0/releases/3.0/#removed-private-python-2-compatibility-apis",
)
