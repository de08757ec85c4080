"""Addresses outside a body. Who may pass each stands in doors.py."""

from django.urls import path

from .views import accounts, health, invitations, outside, receiving

app_name = "municipality_outside"

urlpatterns = [
    path("", outside.home, name="home"),
    path("account/", outside.account, name="account"),
    path("account/alive/", outside.alive, name="alive"),
    path("account/typed/", outside.typed, name="typed"),
    path("account/notices/", receiving.receiving, name="receiving"),
    path("account/calendar/", receiving.calendar_make, name="calendar_make"),
    path("account/calendar/end/", receiving.calendar_end, name="calendar_end"),
    path("calendar/<str:token>.ics", receiving.calendar, name="calendar"),
    path("account/language/", outside.language, name="language"),
    path("account/sessions/end/", outside.end_sessions, name="end_sessions"),
    path("account/sessions/<int:pk>/end/", outside.end_one_session, name="end_one_session"),
    path("accounts/two-factor/", accounts.two_factor_verify, name="two_factor_verify"),
    path("accounts/two-factor/setup/", accounts.two_factor_setup, name="two_factor_setup"),
    path("accounts/two-factor/table/", accounts.table_setup, name="table_setup"),
    path("accounts/two-factor/lost/", accounts.lost, name="lost"),
    path("accounts/two-factor/recovery/", accounts.recovery, name="recovery"),
    path("accounts/two-factor/recovery-codes/", accounts.recovery_codes, name="recovery_codes"),
    path("accounts/signed-out/", outside.signed_out, name="signed_out"),
    path("accounts/oidc/<str:provider_id>/login/", outside.provider_login, name="provider_login"),
    path("invitation/", invitations.invitation_form, name="invitation_form"),
    path("invitation/code/", invitations.invitation_code, name="invitation_code"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("accessibility/", outside.accessibility, name="accessibility"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
