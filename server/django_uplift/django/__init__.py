"""What Django means: releases, models and relations, managers, settings, what runs a query."""
