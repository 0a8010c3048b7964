"""Shapes that many deprecations share: a rule of one of these kinds is a declaration."""

from django_uplift_rules.kinds.arguments import Arguments
from django_uplift_rules.kinds.class_member import (
    AddedParameter,
    ClassMember,
    Member,
    member_span,
    members_of,
)
from django_uplift_rules.kinds.decorators import decorates, without_decorator
from django_uplift_rules.kinds.dotted_path import DottedPath
from django_uplift_rules.kinds.instances import inherits, instance_of, queried
from django_uplift_rules.kinds.keyword_only import KeywordOnly
from django_uplift_rules.kinds.keyword_value import KeywordValue
from django_uplift_rules.kinds.meta_option import RemovedMetaOption
from django_uplift_rules.kinds.methods import RemovedMethod, RenamedMethod
from django_uplift_rules.kinds.moved_call import MovedCall
from django_uplift_rules.kinds.moved_module import MovedModule
from django_uplift_rules.kinds.moved_name import MovedName
from django_uplift_rules.kinds.package import Package, PackageRule
from django_uplift_rules.kinds.places import beside, last, name_span
from django_uplift_rules.kinds.receivers import (
    COMMANDS,
    INLINE_ADMINS,
    MODEL_ADMINS,
    MODELS,
    TEST_CASES,
    declared,
    defines,
    descends,
    is_instance,
    is_super,
    receiver,
)
from django_uplift_rules.kinds.removed_keyword import RemovedKeyword
from django_uplift_rules.kinds.removed_member import RemovedMember
from django_uplift_rules.kinds.removed_method_keyword import RemovedMethodKeyword
from django_uplift_rules.kinds.removed_name import RemovedName
from django_uplift_rules.kinds.removed_parameter import RemovedParameter
from django_uplift_rules.kinds.removed_setting import ANY, RemovedSetting, remove_setting
from django_uplift_rules.kinds.renamed_keyword import RenamedKeyword
from django_uplift_rules.kinds.renamed_setting import RenamedSetting
from django_uplift_rules.kinds.requests import REQUESTS, header_of
from django_uplift_rules.kinds.routes import PATH_UNSAFE, Route, route_of
from django_uplift_rules.kinds.settings_files import may_be_settings_root, settings_root
from django_uplift_rules.kinds.utc import utc_written

__all__ = [
    "ANY",
    "COMMANDS",
    "INLINE_ADMINS",
    "MODELS",
    "MODEL_ADMINS",
    "PATH_UNSAFE",
    "REQUESTS",
    "TEST_CASES",
    "AddedParameter",
    "Arguments",
    "ClassMember",
    "DottedPath",
    "KeywordOnly",
    "KeywordValue",
    "Member",
    "MovedCall",
    "MovedModule",
    "MovedName",
    "Package",
    "PackageRule",
    "RemovedKeyword",
    "RemovedMember",
    "RemovedMetaOption",
    "RemovedMethod",
    "RemovedMethodKeyword",
    "RemovedName",
    "RemovedParameter",
    "RemovedSetting",
    "RenamedKeyword",
    "RenamedMethod",
    "RenamedSetting",
    "Route",
    "beside",
    "declared",
    "decorates",
    "defines",
    "descends",
    "header_of",
    "inherits",
    "instance_of",
    "is_instance",
    "is_super",
    "last",
    "may_be_settings_root",
    "member_span",
    "members_of",
    "name_span",
    "queried",
    "receiver",
    "remove_setting",
    "route_of",
    "settings_root",
    "utc_written",
    "without_decorator",
]
