"""Root addresses: a body's pages under its six-digit code, everything else beside it."""

from django.urls import include, path, register_converter


class BodyCode:
    """The six-digit code of a local public body (全国地方公共団体コード)."""

    regex = "[0-9]{6}"

    def to_python(self, value: str) -> str:
        """The code as it stands in the address: codes keep their leading zero."""
        return value

    def to_url(self, value: str) -> str:
        """The code as it is stored."""
        return str(value)


register_converter(BodyCode, "body")

BODY = [
    path("", include("municipality.urls")),
    path("", include("rollout.urls")),
    path("", include("training.urls")),
    path("", include("pilots.urls")),
    path("", include("evaluation.urls")),
    path("", include("dashboard.urls")),
]

urlpatterns = [
    path("<body:code>/", include(BODY)),
    path("", include("municipality.urls_public")),
    path("accounts/", include("allauth.urls")),
]

handler404 = "municipality.web.typed_text.page_not_found"
