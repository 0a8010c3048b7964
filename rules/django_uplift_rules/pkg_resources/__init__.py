"""pkg_resources: gone from setuptools; the standard library has importlib.metadata and importlib.resources."""
