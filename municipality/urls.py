from django.urls import path

from .views import decisions, invitations

app_name = "municipality"

urlpatterns = [
    path("decisions/", decisions.decision_list, name="decisions"),
    path("decisions/<int:pk>/", decisions.decision_page, name="decision"),
    path("decisions/<int:pk>/submit/", decisions.submit, name="decision_submit"),
    path("decisions/<int:pk>/approve/", decisions.approve, name="decision_approve"),
    path("decisions/<int:pk>/return/", decisions.return_, name="decision_return"),
    path("decisions/<int:pk>/reject/", decisions.reject, name="decision_reject"),
    path("decisions/<int:pk>/withdraw/", decisions.withdraw, name="decision_withdraw"),
    path("decisions/<int:pk>/review/", decisions.review, name="decision_review"),
    path("people/<int:pk>/invite/", invitations.invite, name="invite"),
    path("people/<int:pk>/slip/", invitations.slip, name="slip"),
    path("people/<int:pk>/unlock/", invitations.unlock, name="unlock"),
]
