"""A mypy plugin: the attributes that municipality/web/middleware.py gives every request.

They are there on each request that reaches a view, so a class of requests of our own would only be
cast to and from. Below `/<code>/` member and municipality are set (the middleware answers 404
before a view else); outside they are None, which the type does not say: there, views ask
`request.user`.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import MypyFile
from mypy.plugin import ClassDefContext, Plugin
from mypy.plugins.common import add_attribute_to_class
from mypy.types import AnyType, TypeOfAny

REQUEST = "django.http.request"
ANYTHING = ""
ATTRIBUTES = {
    "member": "municipality.organisation.models.people.Member",
    "municipality": "municipality.organisation.models.bodies.Municipality",
    "now": "datetime.datetime",
    "today": "datetime.date",
    "unread_notices": ANYTHING,
    "preview": ANYTHING,
    "user": ANYTHING,
    "seconds_left": "",
    "sign_in_way": "builtins.str",
    "inviting_body": "builtins.str",
}


class RequestTypes(Plugin):
    """Give HttpRequest the attributes of ATTRIBUTES."""

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Read the modules of the types before the class of requests."""
        if file.fullname != REQUEST:
            return []
        return [(10, name.rpartition(".")[0], -1) for name in ATTRIBUTES.values() if name]

    def get_customize_class_mro_hook(
        self, fullname: str
    ) -> Callable[[ClassDefContext], None] | None:
        """Called once while HttpRequest is read."""
        return declare if fullname == f"{REQUEST}.HttpRequest" else None


def declare(context: ClassDefContext) -> None:
    """Add each attribute; of a class that is not known yet, as anything."""
    for name, type_name in ATTRIBUTES.items():
        named = context.api.named_type_or_none(type_name) if type_name else None
        add_attribute_to_class(context.api, context.cls, name, named or AnyType(TypeOfAny.explicit))


def plugin(_version: str) -> type[Plugin]:
    """What mypy asks for."""
    return RequestTypes
