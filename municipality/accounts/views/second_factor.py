"""The second factor: showing it, registering it, and the codes for when it is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from municipality.accounts.allauth_adapter import address_of, known_device, remember_device
from municipality.accounts.forms.accounts import RecoveryForm, TableForm, TokenForm
from municipality.accounts.models import TABLE_SIZE, CodeTable, table_code
from municipality.accounts.operations import second_factor, sign_in
from municipality.accounts.operations.second_factor import CodeCheck
from municipality.accounts.second_factor_session import (
    ENROLLING,
    ENROLLING_TABLE,
    is_fresh,
    key_address,
    key_text,
    mark_verified,
    next_of,
    passed,
    pending_key,
    to_second_factor,
)
from municipality.core import rate_limits
from municipality.core.qr_codes import qr_code
from municipality.core.refusals import require
from municipality.web.pages import show, valid


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("token")
def two_factor_verify(request: HttpRequest) -> HttpResponse:
    """Ask for the six digits of the authenticator app, or for the next code of the table."""
    factor = second_factor.factor_of(request.user)
    if factor is None:
        return redirect("municipality_outside:two_factor_setup")
    if isinstance(factor, CodeTable):
        return _verify_by_table(request, factor)
    form = TokenForm(request.POST or None)
    wrong = _("数字が合いません。30秒ごとに変わる最新の数字を入力してください。")
    return _prove(
        request,
        form,
        second_factor.try_authenticator,
        "municipality/accounts/two_factor_verify.html",
        wrong,
    )


def _verify_by_table(request: HttpRequest, table: CodeTable) -> HttpResponse:
    form = TableForm(request.POST or None)
    wrong = _("数字が合いません。表の%(number)s番の数字を入力してください。") % {
        "number": table.number
    }
    answer = _prove(
        request,
        form,
        second_factor.try_table,
        "municipality/accounts/two_factor_table.html",
        wrong,
        table=table,
    )
    left = table.left - 1
    if answer.status_code == 302 and left <= second_factor.TABLE_LOW[0]:
        words = _(
            "確認コード表の残りは%(left)s個です。アカウントのページで、新しい表に替えてください。"
        )
        messages.warning(request, words % {"left": left})
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("token")
def recovery(request: HttpRequest) -> HttpResponse:
    """Ask for a recovery code instead."""
    form = RecoveryForm(request.POST or None)
    wrong = _("回復コードが合わないか、すでに使われています。")
    answer = _prove(
        request, form, second_factor.try_recovery_code, "municipality/accounts/recovery.html", wrong
    )
    if answer.status_code == 302:
        messages.info(
            request,
            _("回復コードで確認しました。認証アプリをなくしたときは、ここで登録し直してください。"),
        )
        answer["Location"] = reverse(
            "municipality_outside:two_factor_setup", query={"next": next_of(request)}
        )
    return answer


def _prove(
    request: HttpRequest,
    form: forms.Form,
    check: Callable[..., CodeCheck],
    template: str,
    wrong: str,
    **context: Any,
) -> HttpResponse:
    if valid(request, form):
        if _is_too_much(request, check.__name__):
            return _later(request)
        address = address_of(request)
        tried = check(request.user, form.cleaned_data["token"], now=request.now, address=address)
        if tried.device is not None:
            return passed(request, tried.device)
        form.add_error("token", _wait_words(tried, request.now) if tried.waits_until else wrong)
    return show(request, template, {"form": form, "next": next_of(request), **context})


def _wait_words(tried: CodeCheck, now: datetime) -> str:
    seconds = max(1, round((tried.waits_until - now).total_seconds())) if tried.waits_until else 1
    return _(
        "続けて失敗したため、%(seconds)s秒たってから、新しい数字でもう一度行ってください。"
    ) % {"seconds": seconds}


def _is_too_much(request: HttpRequest, way: str) -> bool:
    """Count the try; True when the rate limit is exceeded, which is logged once in each window."""
    device = known_device(request, request.user.username)
    key = rate_limits.code_key(request.user.pk, way, device)
    if rate_limits.CODE_BY_USER.take(key) is not None:
        return False
    first = rate_limits.CODE_BY_USER.slots(key)[0]
    if cache.add(f"limited:{first}", 1, rate_limits.CODE_BY_USER.seconds):
        second_factor.note_limit(request.user, address=address_of(request))
    return True


def _later(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(rate_limits.CODE_BY_USER.seconds)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("token")
def two_factor_setup(request: HttpRequest) -> HttpResponse:
    """Register an authenticator app: the first one, or another in place of the one just shown."""
    fresh = is_fresh(request)
    if not second_factor.may_enrol(request.user, fresh=fresh, now=request.now):
        return _not_now(request)
    key, form = pending_key(request), TokenForm(request.POST or None)
    if valid(request, form):
        if _is_too_much(request, "enrolment"):
            return _later(request)
        registered = second_factor.enrol(
            request.user, key, form.cleaned_data["token"], fresh=fresh, now=request.now
        )
        if registered is not None:
            return _registered(request, *registered)
        form.add_error(
            "token", _("数字が合いません。30秒ごとに変わる最新の数字を入力してください。")
        )
    return show(request, "municipality/accounts/two_factor_setup.html", _offer(request, key, form))


def _offer(request: HttpRequest, key: bytes, form: forms.Form) -> dict:
    text = key_text(key)
    groups = " ".join(text[start : start + 4] for start in range(0, len(text), 4))
    context = {"has_factor": request.user.is_verified(), "next": next_of(request)}
    table = bool(second_factor.may_use_table(request.user))
    return {
        "form": form,
        "qr": qr_code(key_address(key, request.user)),
        "secret": groups,
        "table": table,
        **context,
    }


def _not_now(request: HttpRequest) -> HttpResponse:
    if second_factor.factor_of(request.user) is not None:
        return to_second_factor(request.path)
    return render(request, "municipality/accounts/enrolment_closed.html", status=403)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("token")
def table_setup(request: HttpRequest) -> HttpResponse:
    """Print a code table and register it by its first code, for people without a device for an
    authenticator app.
    """
    fresh = is_fresh(request)
    if not second_factor.may_enrol(request.user, fresh=fresh, now=request.now):
        return _not_now(request)
    require(second_factor.may_use_table(request.user))
    key, form = pending_key(request, ENROLLING_TABLE), TableForm(request.POST or None)
    if valid(request, form):
        table = second_factor.enrol_table(
            request.user, key, form.cleaned_data["token"], fresh=fresh, now=request.now
        )
        if table is not None:
            return _table_registered(request, table)
        form.add_error("token", _("数字が合いません。印刷した表の1番の数字を入力してください。"))
    return show(
        request,
        "municipality/accounts/table_setup.html",
        {"form": form, "codes": _table_of(key), "day": request.today},
    )


def _table_of(key: bytes) -> list[tuple[int, str]]:
    codes = [(number, table_code(key, number)) for number in range(1, TABLE_SIZE + 1)]
    return [(number, f"{code[:4]} {code[4:]}") for number, code in codes]


def _table_registered(request: HttpRequest, table: CodeTable) -> HttpResponse:
    request.session.pop(ENROLLING_TABLE, None)
    messages.success(
        request, _("確認コード表を登録しました。次のログインでは、2番の数字を使います。")
    )
    return passed(request, table)


@never_cache
@require_safe
def lost(request: HttpRequest) -> HttpResponse:
    """What helps a person who lost app, table or codes: the recovery codes, else the office of each
    body and its contact.
    """
    members = sign_in.members_of(request.user)
    app = second_factor.authenticator_of(request.user) is not None
    return render(
        request,
        "municipality/accounts/lost.html",
        {"members": members, "app": app, "next": next_of(request)},
    )


def _registered(request: HttpRequest, device, codes: list[str]) -> HttpResponse:
    request.session.pop(ENROLLING, None)
    mark_verified(request, device)
    response = _show_codes(request, codes)
    remember_device(request, response, request.user)
    return response


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(
        request,
        "municipality/accounts/recovery_codes.html",
        {"codes": codes, "next": next_of(request)},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, which are shown this once."""
    if not is_fresh(request):
        return to_second_factor(reverse("municipality_outside:recovery_codes"))
    if request.method == "POST":
        return _show_codes(request, second_factor.renew_codes(request.user))
    left = second_factor.codes_left(request.user)
    return render(
        request,
        "municipality/accounts/recovery_renew.html",
        {"left": left, "all": second_factor.CODES_ON_A_SHEET},
    )
