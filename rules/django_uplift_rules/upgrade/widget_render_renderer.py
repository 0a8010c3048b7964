from django_uplift_rules.kinds import AddedParameter

_WIDGETS = (
    "CheckboxInput CheckboxSelectMultiple ClearableFileInput DateInput DateTimeInput EmailInput FileInput HiddenInput "
    "Input MultiWidget MultipleHiddenInput NullBooleanSelect NumberInput PasswordInput RadioSelect Select "
    "SelectDateWidget SelectMultiple SplitDateTimeWidget SplitHiddenDateTimeWidget TextInput Textarea TimeInput "
    "URLInput Widget"
)
_OF_ADMIN = (
    "AdminDateWidget AdminEmailInputWidget AdminFileWidget AdminIntegerFieldWidget AdminRadioSelect AdminSplitDateTime "
    "AdminTextInputWidget AdminTextareaWidget AdminTimeWidget AdminURLFieldWidget FilteredSelectMultiple "
    "ForeignKeyRawIdWidget ManyToManyRawIdWidget RelatedFieldWidgetWrapper"
)

WIDGETS = (
    *(f"django.forms.{name}" for name in _WIDGETS.split()),
    *(f"django.contrib.admin.widgets.{name}" for name in _OF_ADMIN.split()),
    *(f"django.contrib.gis.forms.{name}" for name in ("BaseGeometryWidget", "OpenLayersWidget", "OSMWidget")),
)

rule = AddedParameter(
    "DUR2103",
    {"render": ("renderer=None", 4)},
    least=3,
    on=WIDGETS,
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)
