"""The page with the definitions of the indicators."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from evaluation.pdca.indicators import exports as indicators_exports
from evaluation.pdca.indicators.models import Indicator
from municipality.core.refusals import anyone
from municipality.web.pages import page, show


@page(anyone)
def indicator_list(request: HttpRequest) -> HttpResponse:
    """The definitions: what is counted, over what, which way is good, and earlier versions."""
    rows = list(Indicator.objects.visible_to(request.member))
    newest = {row.code: row.definition_version for row in reversed(rows)}
    current = [row for row in rows if newest[row.code] == row.definition_version]
    earlier = [row for row in rows if newest[row.code] != row.definition_version]
    return show(
        request,
        "evaluation/pdca/indicators/indicators.html",
        {
            "rows": current,
            "earlier": earlier,
            "export": indicators_exports.indicators([*current, *earlier]),
        },
    )
