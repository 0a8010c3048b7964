from django_uplift_rules.kinds import RemovedMember

_FEEDS = ("Atom1Feed", "DefaultFeed", "Rss201rev2Feed", "RssFeed", "RssUserland091Feed", "SyndicationFeed")

rule = RemovedMember(
    "DUR2011",
    {"mime_type": "Django reads content_type, and ignores this"},
    on=[f"django.utils.feedgenerator.{name}" for name in _FEEDS],
    instead={"mime_type": "content_type"},
    rename=True,
    deprecated_in="1.9",
    removed_in="2.0",
    replacement_since="1.9",
    link="https://docs.djangoproject.com/en/2.0/releases/2.0/#features-removed-in-2-0",
)
