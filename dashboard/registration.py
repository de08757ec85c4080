"""What the pages that show several stages offer: the first two lines of the navigation."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from dashboard.overview.rules import may_see_dashboard
from municipality.core.refusals import anyone
from municipality.core.registry import Nav, Registration

registration = Registration(
    name="dashboard",
    navigation=(
        Nav("top", pgettext_lazy("見出し", "対応事項"), "dashboard:home", anyone, order=10),
        Nav(
            "top",
            pgettext_lazy("見出し", "状況一覧"),
            "dashboard:dashboard",
            may_see_dashboard,
            order=20,
        ),
    ),
)
