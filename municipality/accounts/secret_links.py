"""Links with a secret, made when a mail is sent and kept nowhere."""

from __future__ import annotations

from cryptography.fernet import InvalidToken
from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils import timezone
from django.utils.http import int_to_base36

from municipality.accounts.models import Invitation
from municipality.core.encryption import open_secret
from municipality.notifications.kinds import Letter
from municipality.notifications.models import Notice
from municipality.organisation.models import Member


def token_of(invitation: Invitation) -> str | None:
    """The invitation's secret in clear; None when it was erased or its key is gone."""
    if invitation.sealed_token is None:
        return None
    try:
        return open_secret(bytes(invitation.sealed_token)).decode()
    except InvalidToken:
        return None


def invitation_letter(notice: Notice) -> Letter | None:
    """The invitation to the member's mail address, while it can be accepted."""
    found = (
        Invitation.objects.pending(timezone.now())
        .filter(pk=notice.object_id)
        .select_related("member")
        .first()
    )
    token = token_of(found) if found else None
    if found is None or token is None or not found.member.mail:
        return None
    return Letter(found.member.mail, reverse("municipality_outside:invitation", args=[token]))


def reset_letter(notice: Notice) -> Letter | None:
    """The link for a new password to the account's own mail address; it is void once the password
    changed.
    """
    user = Member.objects.select_related("user").get(pk=notice.member_id).user
    if user is None or not user.is_active or not user.email:
        return None
    key = {"uidb36": int_to_base36(user.pk), "key": default_token_generator.make_token(user)}
    return Letter(user.email, reverse("account_reset_password_from_key", kwargs=key))
