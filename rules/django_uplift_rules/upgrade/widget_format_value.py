from django_uplift_rules.kinds import RemovedMember
from django_uplift_rules.upgrade.widget_render_renderer import WIDGETS

rule = RemovedMember(
    "DUR2020",
    {"_format_value": "Django calls format_value()"},
    on=WIDGETS,
    instead={"_format_value": "format_value"},
    rename=True,
    deprecated_in="1.10",
    removed_in="2.0",
    replacement_since="1.10",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)
