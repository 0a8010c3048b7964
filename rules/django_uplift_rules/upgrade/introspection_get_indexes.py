from django_uplift_rules.kinds import RemovedMethod

rule = RemovedMethod(
    "DUR2107",
    {"get_indexes": "call get_constraints(), whose dictionaries say 'index', 'primary_key' and 'unique'"},
    on=("django.db.backends.base.introspection.BaseDatabaseIntrospection",),
    called=("introspection",),
    deprecated_in="1.11",
    removed_in="2.1",
    replacement_since="1.7",
    link="https://docs.djangoproject.com/en/2.1/releases/2.1/#features-removed-in-2-1",
)
