"""How allauth is held to the house's rules."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Accounts arise by invitation only."""

    def is_open_for_signup(self, request) -> bool:
        """Never."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """An identity provider binds at the invitation only."""

    def is_open_for_signup(self, request, sociallogin) -> bool:
        """Never."""
        return False
