"""The rules that come with django-uplift. A folder is a family; a rule is ``name.py`` and its page ``name.md``."""
