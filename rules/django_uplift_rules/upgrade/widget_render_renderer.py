from django_uplift_rules.kinds import AddedParameter

_WIDGETS = (
    "CheckboxInput CheckboxSelectMultiple ClearableFileInput DateInput DateTimeInput EmailInput FileInput HiddenInput "
    "Input MultiWidget MultipleHiddenInput NullBooleanSelect NumberInput PasswordInput RadioSelect Select "
    "SelectDateWidget SelectMultiple SplitDateTimeWidget SplitHiddenDateTimeWidget TextInput Textarea TimeInput "
    "URLInput Widget"
)

rule = AddedParameter(
    "DUR2103",
    {"render": ("renderer=None", 4)},
    least=3,
    on=[f"django.forms.{name}" for name in _WIDGETS.split()],
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.11",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)
