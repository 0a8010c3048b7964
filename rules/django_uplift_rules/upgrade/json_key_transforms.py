from django_uplift_rules.kinds import MovedName

rule = MovedName(
    "DUR4016",
    {
        f"django.contrib.postgres.fields.jsonb.{name}": f"django.db.models.fields.json.{name}"
        for name in ("KeyTransform", "KeyTextTransform")
    },
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="3.1",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)
