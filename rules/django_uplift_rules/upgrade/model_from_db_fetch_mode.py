from django_uplift_rules.kinds import MODELS, AddedParameter

rule = AddedParameter(
    "DUR7010",
    {"from_db": ("fetch_mode=None", 4)},
    on=MODELS,
    keyword_only=True,
    distinctive=True,
    least=4,
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="6.1",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)
