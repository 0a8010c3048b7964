from django_uplift_rules.kinds import RenamedMethod

rule = RenamedMethod(
    "DUR7015",
    {"quote_name_unless_alias": "quote_name"},
    on=("django.db.models.sql.compiler.SQLCompiler",),
    called=("compiler",),
    distinctive=True,
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)
