"""設定のうち庁内アカウント: the body's own identity providers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from municipality.accounts.forms.sign_in import NewProviderForm, ProviderForm
from municipality.accounts.models import IdentityProvider
from municipality.accounts.operations import providers
from municipality.accounts.presenters import providers_listing
from municipality.core.addresses import page_address
from municipality.organisation.rules import is_office
from municipality.organisation.setting_pages import show_setting
from municipality.web.pages import done, page, show, valid

FIELDS = ("name", "issuer", "client_id", "edition")


def _list(request: HttpRequest) -> str:
    return reverse("municipality:providers", args=[request.municipality.pk])


@page(is_office)
def provider_list(request: HttpRequest) -> HttpResponse:
    """The body's providers, and the address under which its people find them."""
    entrance = f"{settings.BASE_URL}{request.municipality.get_absolute_url()}"
    rows = IdentityProvider.objects.visible_to(request.member)
    return show_setting(
        request,
        "providers",
        "municipality/accounts/providers.html",
        {"listing": providers_listing(rows, request.municipality.pk), "entrance": entrance},
    )


@sensitive_post_parameters("secret")
@page(is_office, methods="GET POST")
def provider_new(request: HttpRequest) -> HttpResponse:
    """Register a provider."""
    form = NewProviderForm(request.POST or None)
    if not valid(request, form):
        return show(request, "municipality/accounts/provider.html", {"form": form})
    provider = providers.add_provider(
        request.municipality, **form.cleaned_data, by=request.member, now=request.now
    )
    words = _(
        "登録しました。戻り先のアドレスを庁内の認証の側に登録してから、接続を確かめてください。"
    )
    return done(
        request, words, page_address("municipality:provider", provider.municipality_id, provider.pk)
    )


@page(is_office, of=IdentityProvider, methods="GET POST")
def provider_page(request: HttpRequest, provider: IdentityProvider) -> HttpResponse:
    """One provider: what the other side has to know, and what is known of it."""
    form = ProviderForm(
        request.POST or None, initial={name: getattr(provider, name) for name in FIELDS}
    )
    if not valid(request, form):
        return show(
            request,
            "municipality/accounts/provider.html",
            {"form": form, "provider": provider, **_back(provider)},
        )
    providers.change_provider(provider, **form.cleaned_data, by=request.member, now=request.now)
    return done(
        request,
        _("接続先を変更しました。"),
        page_address("municipality:provider", provider.municipality_id, provider.pk),
    )


def _back(provider: IdentityProvider) -> dict[str, Any]:
    address = reverse("openid_connect_callback", kwargs={"provider_id": provider.slug})
    return {"callback": f"{settings.BASE_URL}{address}"}


@page(is_office, of=IdentityProvider, methods="POST", asks_network=True)
def provider_try(request: HttpRequest, provider: IdentityProvider) -> HttpResponse:
    """Check a provider, and show the result."""
    result = providers.try_provider(provider, by=request.member, now=request.now)
    if result.fault:
        messages.error(request, f"{_('接続を確かめられませんでした。')} {result.fault}")
    else:
        messages.success(
            request, _("接続を確かめました。これから、この庁内アカウントでログインできます。")
        )
    return redirect(page_address("municipality:provider", provider.municipality_id, provider.pk))


@page(is_office, of=IdentityProvider, methods="POST")
def provider_stop(request: HttpRequest, provider: IdentityProvider) -> HttpResponse:
    """Stop using a provider."""
    providers.stop_provider(provider, by=request.member, now=request.now)
    return done(request, _("この接続先でのログインをやめました。"), _list(request))
