from django_uplift_rules.kinds import RemovedSetting

rule = RemovedSetting(
    "DUR4012",
    {"DEFAULT_HASHING_ALGORITHM": "signatures are always SHA-256"},
    droppable={"DEFAULT_HASHING_ALGORITHM": ["sha256"]},
    unsafe="data signed with SHA-1 is no longer accepted",
    deprecated_in="3.1",
    removed_in="4.0",
    replacement_since="3.1",
    link="https://docs.djangoproject.com/en/4.0/releases/4.0/#features-removed-in-4-0",
)
