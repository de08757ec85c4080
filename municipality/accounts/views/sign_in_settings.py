"""設定のうちログイン: how long a sign-in lasts, and which second factors there are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from municipality.accounts.forms.sign_in import SignInSettingsForm
from municipality.organisation.operations import settings as operations
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.web.pages import done, page, valid

FIELDS = (*operations.SIGN_IN, "edition")


@page(is_office, methods="GET POST")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Settings of sign-in to the body."""
    body = request.municipality
    form = SignInSettingsForm(
        request.POST or None, initial={name: getattr(body, name) for name in FIELDS}
    )
    if not valid(request, form):
        return show_setting(
            request,
            "sign_in_settings",
            "municipality/accounts/sign_in_settings.html",
            {"form": form},
        )
    operations.change_sign_in(body, **form.cleaned_data, by=request.member, now=request.now)
    return done(
        request, _("設定を保存しました。"), reverse("municipality:sign_in_settings", args=[body.pk])
    )
