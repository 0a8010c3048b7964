from django_uplift_rules.kinds import RenamedMethod

rule = RenamedMethod(
    "DUR2019",
    {"_get_val_from_obj": "value_from_object"},
    on=("django.db.models.Field",),
    called=("field", "f"),
    distinctive=True,
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)
