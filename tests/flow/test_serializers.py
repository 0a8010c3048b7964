"""Serializers of Django REST framework that take input, on the event loop.

Each statement below was run with Django 5.2, Django REST framework 3.18 and adrf 0.1.14: those with a mark raise, the
others do not.
"""

from __future__ import annotations

from tests.flow.support import check
from tests.flow.test_responses import MODELS

FILES = {
    "shopapp/__init__.py": "",
    "shopapp/models.py": MODELS
    + """

class Tag(models.Model):
    name = models.CharField(max_length=9, unique=True)
    shown = models.BooleanField(default=True)
""",
}

TEXT = """\
from adrf.serializers import ModelSerializer as AsyncModelSerializer
from asgiref.sync import sync_to_async
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from shopapp.models import Customer, Order, Tag, Team


class TeamSerializer(serializers.ModelSerializer):
    class Meta:
        model = Team
        fields = ["name"]


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["status", "customer"]


class StatusSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["status", "customer"]
        read_only_fields = ["customer"]


class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = "__all__"


class ShownSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        exclude = ["name"]


class PlainSerializer(serializers.Serializer):
    name = serializers.CharField()


class UniqueSerializer(serializers.Serializer):
    name = serializers.CharField(validators=[UniqueValidator(queryset=Team.objects.all())])


class KeySerializer(serializers.Serializer):
    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all())


class ShownKeySerializer(serializers.Serializer):
    customer = serializers.PrimaryKeyRelatedField(read_only=True)


class OuterSerializer(serializers.Serializer):
    order = OrderSerializer()


class AskingSerializer(serializers.Serializer):
    name = serializers.CharField()

    def validate_name(self, value):
        Team.objects.filter(name=value).exists()
        return value


class MakingSerializer(serializers.Serializer):
    name = serializers.CharField()

    def create(self, validated_data):
        return Team.objects.create(**validated_data)

    def update(self, instance, validated_data):
        return instance


class SendingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Team
        fields = ["name"]

    def create(self, validated_data):
        return validated_data


class AsyncTeamSerializer(AsyncModelSerializer):
    class Meta:
        model = Team
        fields = ["name"]


async def view(request, team: Team):
    data = {}
    TeamSerializer(data=data).is_valid()
    OrderSerializer(data=data).is_valid()  #! sync-only
    OrderSerializer(data=[data], many=True).is_valid()  #! sync-only
    await sync_to_async(OrderSerializer(data=data).is_valid)()
    StatusSerializer(data=data).is_valid(raise_exception=True)
    TagSerializer(data=data).is_valid()  #! sync-only
    ShownSerializer(data=data).is_valid()
    PlainSerializer(data=data).is_valid()
    UniqueSerializer(data=data).is_valid()  #! sync-only
    KeySerializer(data=data).is_valid()  #! sync-only
    ShownKeySerializer(data=data).is_valid()
    OuterSerializer(data=data).is_valid()  #! sync-only
    AskingSerializer(data=data).is_valid()  #! call
    TeamSerializer(data=data).save()  #! sync-only
    MakingSerializer(data=data).save()  #! call
    MakingSerializer(team, data=data).save()
    SendingSerializer(data=data).save()
    AsyncTeamSerializer(data=data).is_valid()
    AsyncTeamSerializer(data=data).save()  #! sync-only
    await AsyncTeamSerializer(data=data).asave()
"""


def test_what_validating_and_saving_asks_the_database() -> None:
    """Unique and related fields are looked up, validators and `create` run, all where `is_valid` and `save` are."""
    check(TEXT, FILES)
