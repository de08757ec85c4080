"""What this room offers to the ground floor: the first line of the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from municipality.rooms import Nav, Room
from municipality.rules import anyone

room = Room(name="dashboard", navigation=(Nav("top", _("対応事項"), "dashboard:home", anyone, order=10),))
