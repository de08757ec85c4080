"""Loading a demonstration body: refused beside real data, all or nothing."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from municipality.models import Municipality
from municipality.operations import operation
from municipality.periods import Period
from municipality.rules import Conflict

from .town import Town, found_town

SIZES = ("town", "city", "designated", "prefecture")
MONTHS_OF_HISTORY = 9


def refuse_beside_real() -> None:
    """Raises Conflict when a real body lives in this installation."""
    real = Municipality.objects.filter(is_demo=False).order_by("pk").first()
    if real is not None:
        raise Conflict(
            _("実在の団体「%(name)s」が登録されているため、デモのデータは扱えません。") % {"name": real.name}
        )


def is_loaded() -> bool:
    """Is there a demonstration body already?"""
    return Municipality.objects.filter(is_demo=True).exists()


def load(size: str, *, seed: int, as_of: date) -> list[Municipality]:
    """Load a demonstration of this size as of a day; the bodies it made. Raises Conflict beside real or loaded data."""
    refuse_beside_real()
    if is_loaded():
        raise Conflict(_("デモのデータは読み込み済みです。"))
    return [load_town(seed=seed, as_of=as_of).body]


@operation
def load_town(*, seed: int, as_of: date) -> Town:
    """The town, lived in for some months, in one transaction. Nothing is mailed while it is filled."""
    month = Period.holding(Period.MONTH, as_of)
    for _step in range(MONTHS_OF_HISTORY):
        month = month.previous
    town = found_town(seed=seed, as_of=as_of, opened_on=Period.holding(Period.YEAR, month.first).first)
    Municipality.objects.filter(pk=town.body.pk).update(sending=True)
    return town
