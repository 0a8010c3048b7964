from django_uplift_rules.kinds import RemovedMethodKeyword

rule = RemovedMethodKeyword(
    "DUR7020",
    {"send": "fail_silently"},
    on=("django.core.mail.EmailMessage", "django.core.mail.EmailMultiAlternatives"),
    advice="catch the errors that sending raises",
    distinctive=True,
    droppable=(False,),
    deprecated_in="6.1",
    removed_in="7.0",
    replacement_since="1.4",
    link="https://docs.djangoproject.com/en/6.1/releases/6.1/#features-deprecated-in-6-1",
)
