from django_uplift.api import Reported

rule = Reported("DUX002")
