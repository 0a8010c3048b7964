from django_uplift_rules.django_filter import DJANGO_FILTER
from django_uplift_rules.kinds import PackageRule, RenamedKeyword

_FILTERS = (
    "Filter",
    "CharFilter",
    "BooleanFilter",
    "ChoiceFilter",
    "TypedChoiceFilter",
    "UUIDFilter",
    "MultipleChoiceFilter",
    "TypedMultipleChoiceFilter",
    "DateFilter",
    "DateTimeFilter",
    "IsoDateTimeFilter",
    "TimeFilter",
    "DurationFilter",
    "ModelChoiceFilter",
    "ModelMultipleChoiceFilter",
    "NumberFilter",
    "NumericRangeFilter",
    "RangeFilter",
    "DateRangeFilter",
    "DateFromToRangeFilter",
    "DateTimeFromToRangeFilter",
    "TimeRangeFilter",
    "AllValuesFilter",
    "AllValuesMultipleFilter",
    "BaseCSVFilter",
    "BaseInFilter",
    "BaseRangeFilter",
)
_MODULES = ("django_filters", "django_filters.filters", "django_filters.rest_framework")


class FilterName(PackageRule, RenamedKeyword):
    """`name` of filters is `field_name`."""


rule = FilterName(
    "DUP2001",
    {f"{module}.{name}": {"name": "field_name"} for module in _MODULES for name in _FILTERS},
    package=DJANGO_FILTER,
    deprecated="1.1",
    removed="2.0",
    link="https://django-filter.readthedocs.io/en/stable/guide/migration.html#filter-name-renamed-to-filter-field-name-792",
)
