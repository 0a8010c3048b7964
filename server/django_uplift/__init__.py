"""django-uplift: carries Django projects to newer Django versions."""

__version__ = "0.1.0"
