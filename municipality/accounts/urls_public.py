"""Addresses of accounts outside a body. Who may pass each stands in accounts/url_access.py."""

from django.urls import path

from municipality.accounts.views import invitations, public, second_factor

urlpatterns = [
    path("", public.home, name="home"),
    path("account/", public.account, name="account"),
    path("account/alive/", public.alive, name="alive"),
    path("account/typed/", public.typed, name="typed"),
    path("account/language/", public.language, name="language"),
    path("account/sessions/end/", public.end_sessions, name="end_sessions"),
    path("account/sessions/<int:pk>/end/", public.end_one_session, name="end_one_session"),
    path("accounts/two-factor/", second_factor.two_factor_verify, name="two_factor_verify"),
    path("accounts/two-factor/setup/", second_factor.two_factor_setup, name="two_factor_setup"),
    path("accounts/two-factor/table/", second_factor.table_setup, name="table_setup"),
    path("accounts/two-factor/lost/", second_factor.lost, name="lost"),
    path("accounts/two-factor/recovery/", second_factor.recovery, name="recovery"),
    path(
        "accounts/two-factor/recovery-codes/", second_factor.recovery_codes, name="recovery_codes"
    ),
    path("accounts/signed-out/", public.signed_out, name="signed_out"),
    path("accounts/oidc/<str:provider_id>/login/", public.provider_login, name="provider_login"),
    path(
        "accounts/oidc/<str:provider_id>/login/callback/",
        public.provider_callback,
        name="provider_callback",
    ),
    path("invitation/", invitations.invitation_form, name="invitation_form"),
    path("invitation/code/", invitations.invitation_code, name="invitation_code"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("accessibility/", public.accessibility, name="accessibility"),
]
