"""The body (団体) itself."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipality.core.addresses import page_address


class Municipality(models.Model):
    """A body (団体): everything else belongs to exactly one. Its key is the 6-digit
    全国地方公共団体コード.
    """

    class Kind(models.TextChoices):
        PREFECTURE = "prefecture", pgettext_lazy("組織", "都道府県")
        DESIGNATED = "designated", pgettext_lazy("組織", "指定都市")
        CITY = "city", pgettext_lazy("自治体の種別", "市")
        WARD = "ward", pgettext_lazy("自治体の種別", "特別区")
        TOWN = "town", pgettext_lazy("自治体の種別", "町")
        VILLAGE = "village", pgettext_lazy("自治体の種別", "村")
        UNION = "union", _("一部事務組合・広域連合")

    class Network(models.TextChoices):
        ALPHA = "α", pgettext_lazy("組織", "αモデル")
        ALPHA_PRIME = "α′", _("α′モデル")
        BETA = "β", pgettext_lazy("組織", "βモデル")
        BETA_PRIME = "β′", _("β′モデル")

    code = models.CharField(
        _("団体コード"), max_length=6, primary_key=True, validators=[RegexValidator(r"^\d{6}$")]
    )
    name = models.CharField(pgettext_lazy("組織", "団体名"), max_length=60)
    kana = models.CharField(_("団体名のカナ"), max_length=120, blank=True)
    kind = models.CharField(_("団体の種別"), max_length=12, choices=Kind, default=Kind.TOWN)
    network = models.CharField(
        _("ネットワークのモデル"), max_length=2, choices=Network, default=Network.ALPHA
    )
    small_cell = models.PositiveSmallIntegerField(_("表示する最少の人数"), default=5)
    is_demo = models.BooleanField(_("デモの団体"), default=False)
    sending = models.BooleanField(
        _("メールを送る"),
        default=True,
        help_text=_("外すと「準備中は送らない」の状態になり、通知は画面だけに出ます。"),
    )
    sender = models.EmailField(_("差出人のメールアドレス"), blank=True)
    reply_to = models.EmailField(_("返信先のメールアドレス"), blank=True)
    contact = models.CharField(_("事務局の連絡先"), max_length=120, blank=True)
    ready_at = models.DateTimeField(_("準備が終わった日時"), null=True, blank=True, editable=False)
    code_tables = models.BooleanField(_("確認コード表を使える"), default=True)
    session_idle_minutes = models.PositiveSmallIntegerField(
        _("操作がないときにログアウトするまでの分"), default=30
    )
    session_absolute_hours = models.PositiveSmallIntegerField(
        _("ログインが続く最長の時間"), default=12
    )
    edition = models.PositiveIntegerField(
        pgettext_lazy("組織", "版の番号"), default=1, editable=False
    )

    class Meta:
        verbose_name = _("自治体の団体")
        verbose_name_plural = _("自治体の団体")
        constraints = [
            models.CheckConstraint(
                condition=Q(small_cell__gte=3), name="municipality_small_cell_at_least_3"
            ),
            models.CheckConstraint(
                condition=Q(session_idle_minutes__gte=5, session_absolute_hours__gte=1),
                name="session_lasts_a_while",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The body's home (対応事項)."""
        return page_address("dashboard:home", self.pk)

    @property
    def root_path(self) -> str:
        """What every department path of this body begins with."""
        return f"{self.pk}/"
