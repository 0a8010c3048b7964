"""psycopg2: Django 4.2 and newer work with psycopg 3."""
