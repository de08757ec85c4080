"""Page of the indicators' definitions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evaluation.pdca.indicators import exports as indicators_exports
from evaluation.pdca.indicators.models import Indicator
from evaluation.pdca.indicators.presenters import definitions_listing, earlier_listing
from municipality.core.refusals import anyone
from municipality.web.pages import page, show


@page(anyone)
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Definitions: numerator, denominator, direction, and earlier versions."""
    rows = list(Indicator.objects.visible_to(request.member))
    newest = {row.code: row.definition_version for row in reversed(rows)}
    current = [row for row in rows if newest[row.code] == row.definition_version]
    earlier = [row for row in rows if newest[row.code] != row.definition_version]
    return show(
        request,
        "evaluation/pdca/indicators/indicators.html",
        {
            "current": definitions_listing(current),
            "earlier": earlier_listing(earlier),
            "export": indicators_exports.indicators([*current, *earlier]),
        },
    )
