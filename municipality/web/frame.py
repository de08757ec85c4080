"""Frame of every page: body, fiscal year, navigation, notices, person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.template import Library
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address
from municipality.core.periods import fiscal_year_of
from municipality.core.registry import registrations

register = Library()


GROUPS = {
    "top": "",
    "prepare": pgettext_lazy("段階", "準備"),
    "try": pgettext_lazy("段階", "試行"),
    "settle": pgettext_lazy("段階", "定着"),
    "improve": pgettext_lazy("段階", "改善"),
    "manage": pgettext_lazy("段階", "管理"),
}

PRODUCT = _("テレワーク推進")
"""The name of the product: the only place that says it, in code and templates alike."""


@dataclass(frozen=True)
class NavItem:
    """Line of the navigation; `here` is 'page' on the page itself, 'true' on a page below it."""

    label: str
    address: str
    here: str = ""
    count: int | None = None


@dataclass(frozen=True)
class NavGroup:
    """Lines of one stage under its heading."""

    label: str
    items: list[NavItem]


@register.simple_tag
def product() -> str:
    """`{% product %}`: the name of the product, in the language of the page or mail."""
    return str(PRODUCT)


@register.simple_tag(takes_context=True)
def at(context, name: str, *args, **query) -> str:
    """`{% at 'pilots:pilot' pilot.pk %}`: address inside the request's body. Keyword arguments
    become the query string.
    """
    return page_address(name, context["request"].municipality.pk, *args, query=query)


class Frame:
    """Frame of one request. Each part is computed once, when the template needs it."""

    product = PRODUCT

    def __init__(self, request):
        self.request = request
        self.member = request.member
        self.body = request.municipality

    @cached_property
    def fiscal_year(self) -> int:
        """Today's fiscal year as its Western number."""
        return fiscal_year_of(self.request.today)

    @cached_property
    def seconds_left(self) -> int:
        """Seconds until the session ends when nothing is done from now on."""
        return self.request.seconds_left()

    @cached_property
    def unread(self) -> int | None:
        """Number of unread notices; None when there are none."""
        unread = getattr(self.request, "unread_notices", None)
        return int(unread() if callable(unread) else unread or 0) or None

    @property
    def postings(self) -> list:
        """Department and post the person holds today, the main one first."""
        return self.member.authority.postings

    @cached_property
    def navigation(self) -> list[NavGroup]:
        """Groups with at least one line for the member. A line without the right is left out."""
        lines = self._lines()
        here = self._here([address for _nav, address in lines])
        shown: dict[str, list[NavItem]] = {group: [] for group in GROUPS}
        for nav, address in lines:
            shown[nav.group].append(self._item(nav, address, here))
        return [NavGroup(str(GROUPS[group]), items) for group, items in shown.items() if items]

    def _lines(self) -> list[tuple]:
        lines = [
            nav
            for app in registrations()
            for nav in app.navigation
            if nav.rule(self.member) is True
        ]
        lines.sort(key=lambda nav: nav.order)
        return [(nav, page_address(nav.name, self.body.pk)) for nav in lines]

    def _here(self, addresses: list[str]) -> str:
        """The longest address the current one lies below; the home is only itself."""
        path, home = self.request.path, f"/{self.body.pk}/"
        return max(
            (a for a in addresses if path == a or (a != home and path.startswith(a))),
            key=len,
            default="",
        )

    def _item(self, nav, address: str, here: str) -> NavItem:
        counted = nav.count(self.request) if nav.count else None
        return NavItem(
            label=nav.label,
            address=address,
            here="" if address != here else "page" if address == self.request.path else "true",
            count=counted or None,
        )


def frame(request) -> dict:
    """Context processor: `frame` for pages of a member; nothing for signed-out users."""
    if getattr(request, "member", None) is None:
        return {}
    return {"frame": Frame(request)}
