from django_uplift_rules.kinds import RemovedMethodKeyword

rule = RemovedMethodKeyword(
    "DUR7021",
    {"create_test_db": "serialize"},
    on=("django.db.backends.base.creation.BaseDatabaseCreation",),
    advice="call serialize_test_db() where the data has to be restored between tests",
    called=("creation",),
    distinctive=True,
    deprecated_in="6.0",
    removed_in="7.0",
    replacement_since="6.0",
    link="https://docs.djangoproject.com/en/6.0/releases/6.0/#features-deprecated-in-6-0",
)
