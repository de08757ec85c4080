"""Forms that were sent, so that each is done once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.models import BodyModel, BodyQuerySet


class SentForm(BodyModel):
    """One form that a member sent and that was answered with another page.

    `token` was made when the form was shown, `digest` is that of its address and content: the same
    form with other values is another thing. `address` is the page of what the form made.
    """

    member = models.ForeignKey("municipality.Member", models.CASCADE, related_name="+")
    token = models.CharField(_("フォームの一回限りの番号"), max_length=32)
    digest = models.CharField(_("内容のハッシュ値"), max_length=64)
    address = models.CharField(_("結果のページ"), max_length=2000, blank=True)
    sent_at = models.DateTimeField(pgettext_lazy("フォーム", "送信日時"), db_index=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("送信済みのフォーム")
        verbose_name_plural = _("送信済みのフォーム")
        constraints = (
            models.UniqueConstraint(fields=("member", "token", "digest"), name="form_is_sent_once"),
        )

    def __str__(self) -> str:
        return self.token
