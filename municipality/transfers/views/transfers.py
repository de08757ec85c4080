"""人事異動: the staff list of a day with its preview, and each transfer with the work handed over."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from municipality.audit.access_events import note_reading
from municipality.core.refusals import anyone
from municipality.core.spreadsheets.table import MOST_BYTES
from municipality.imports.models import FileImport
from municipality.imports.operations import imports as operations
from municipality.imports.rules import may_import
from municipality.organisation.rules import is_office
from municipality.transfers import exports
from municipality.transfers.forms import TransferForm
from municipality.transfers.models import Passed, Transfer
from municipality.transfers.presenters.transfers import passed_items
from municipality.web.pages import done, page, show, valid
from municipality.web.paging import page_of

MOST_LISTS = 10


@page(may_import, methods="GET POST", most_bytes=MOST_BYTES)
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Staff lists handed in, past transfers, and the form to hand in another list. Handing in
    changes nothing yet.
    """
    form = TransferForm(request.today, request.POST or None, request.FILES or None)
    if valid(request, form):
        day, file = form.cleaned_data["whole_on"], form.cleaned_data["file"]
        options = {"by": request.member, "now": request.now, "whole_on": day.isoformat()}
        file_import = operations.hand_in(
            request.municipality, "people", file.name, file.read(), **options
        )
        return done(request, _("ファイルを読みました。内容を確認してください。"), file_import)
    lists = FileImport.objects.visible_to(request.member).filter(options__has_key="whole_on")
    counted = (
        Count("things", filter=Q(things__outcome="taken")),
        Count("things", filter=Q(things__outcome="vacant")),
    )
    rows = Transfer.objects.visible_to(request.member).annotate(taken=counted[0], vacant=counted[1])
    listed = page_of(rows.order_by("-day", "-pk"), request.GET.get("page"))
    context = {
        "form": form,
        "lists": lists.select_related("uploaded_by")[:MOST_LISTS],
        "rows": listed,
    }
    return show(request, "municipality/transfers/transfers.html", context)


@page(anyone, of=Transfer)
def transfer_page(request: HttpRequest, transfer: Transfer) -> HttpResponse:
    """Work handed over: for a member their own, for the office everything, vacant items first."""
    rows = (
        Passed.objects.visible_to(request.member)
        .filter(transfer=transfer)
        .select_related("giver", "taker")
    )
    listed = page_of(rows.order_by("-outcome", "kind", "pk"), request.GET.get("page"))
    if is_office(request.member):
        note_reading("transfer.read", transfer, by=request.member, count=len(listed))
    context = {
        "transfer": transfer,
        "page": listed,
        "hand_overs": passed_items(listed, request.member),
        "office": is_office(request.member),
        "export": exports.passed(rows.order_by("-outcome", "kind", "pk"), transfer),
    }
    return show(request, "municipality/transfers/transfer.html", context)
