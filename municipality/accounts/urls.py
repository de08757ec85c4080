"""Addresses of accounts below the body's code."""

from django.urls import path

from municipality.accounts.views import (
    credential_resets,
    invitations,
    onboarding,
    providers,
    sign_in_settings,
)

urlpatterns = [
    path("people/<int:pk>/invite/", invitations.invite, name="invite"),
    path("people/<int:pk>/slip/", invitations.slip, name="slip"),
    path("people/<int:pk>/unlock/", invitations.unlock, name="unlock"),
    path("people/arrivals/", onboarding.onboarding_page, name="arrivals"),
    path("people/arrivals/invite/", onboarding.invite_many, name="invite_many"),
    path("people/arrivals/slips/", onboarding.slips, name="slips"),
    path("people/<int:pk>/lift/", onboarding.lift_lock, name="lift_lock"),
    path("people/<int:pk>/renewal/", credential_resets.renewal_ask, name="renewal_ask"),
    path(
        "people/<int:pk>/sessions/end/",
        credential_resets.member_sessions_end,
        name="member_sessions_end",
    ),
    path("renewals/<int:pk>/", credential_resets.renewal_page, name="renewal"),
    path("renewals/<int:pk>/confirm/", credential_resets.renewal_confirm, name="renewal_confirm"),
    path("renewals/<int:pk>/refuse/", credential_resets.renewal_refuse, name="renewal_refuse"),
    path("settings/providers/", providers.provider_list, name="providers"),
    path("settings/providers/new/", providers.provider_new, name="provider_new"),
    path("settings/providers/<int:pk>/", providers.provider_page, name="provider"),
    path("settings/providers/<int:pk>/try/", providers.provider_try, name="provider_try"),
    path("settings/providers/<int:pk>/stop/", providers.provider_stop, name="provider_stop"),
    path("settings/sign-in/", sign_in_settings.sign_in_page, name="sign_in_settings"),
]
