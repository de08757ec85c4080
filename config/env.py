"""Reading the environment: each value is checked where it is read, and a bad one is refused with
its name and an example.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import tempfile
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from municipality.core.protected_addresses import is_protected

Network = IPv4Network | IPv6Network

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}
DATABASES = {"postgres", "postgresql", "sqlite"}
MAIL_SCHEMES = set(environ.Env.EMAIL_SCHEMES)
BROKER_LIMITS = {
    "socket_connect_timeout": 0.3,
    "socket_timeout": 1.0,
    "socket_keepalive": True,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
"""A broker that is gone or answers nothing costs a page less than two seconds, once (measured: 0.4
to 1.4 s).
"""


KEYS = ("SECRET_KEY", "FIELD_KEYS", "HISTORY_KEY")

ROOT = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    """The value without blanks around it, or the default when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def var_folder() -> Path:
    """Where things are kept: VAR_DIR, else `var` of the project."""
    return Path(text("VAR_DIR", str(ROOT / "var"))).resolve()


def secrets_file() -> Path:
    """The file of the kept keys."""
    return var_folder() / "secrets.json"


def flag(name: str, default: bool = False) -> bool:
    """1/true/yes/on or 0/false/no/off."""
    value = text(name, "1" if default else "0").lower()
    if value in TRUE or value in FALSE:
        return value in TRUE
    raise _wrong(name, value, "1 または 0", "1 or 0")


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number not below `least`."""
    value = text(name, str(default))
    if value.isascii() and value.isdigit() and int(value) >= least:
        return int(value)
    raise _wrong(name, value, f"{least} 以上の整数", f"a whole number of at least {least}")


def kept_port(kept: Path) -> int:
    """The port that `serve` used last, so that a command in another shell prints addresses that
    answer; 8000 before that.
    """
    value = kept.read_text(encoding="ascii").strip() if kept.is_file() else ""
    return int(value) if value.isdigit() else 8000


def seconds(name: str, default: float) -> float:
    """A positive number of seconds; fractions are allowed."""
    value = text(name, str(default))
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if seconds > 0:
        return seconds
    raise _wrong(name, value, "0 より大きい秒数", "a number of seconds above 0")


def words(name: str, default: str = "") -> list[str]:
    """Values separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(name: str, default: str) -> list[Network]:
    """Addresses and networks separated by commas."""
    known = []
    for word in words(name, default):
        try:
            known.append(ip_network(word))
        except ValueError:
            raise _wrong(
                name, word, "10.0.0.5,10.1.0.0/16 のような形", "like 10.0.0.5,10.1.0.0/16"
            ) from None
    return known


def address(name: str, default: str = "") -> str:
    """An address that begins with http:// or https://, without a slash at its end."""
    value = text(name, default).rstrip("/")
    if value and (urlsplit(value).scheme not in {"http", "https"} or not urlsplit(value).hostname):
        raise _wrong(
            name,
            value,
            "https://telework.example.lg.jp のような形",
            "like https://telework.example.lg.jp",
        )
    return value


def database(default: str) -> dict[str, Any]:
    """Django's description of DATABASE_URL: PostgreSQL or SQLite. A socket folder goes into
    `?host=/run/postgresql`.
    """
    value = text("DATABASE_URL", default)
    if urlsplit(value).scheme not in DATABASES:
        raise _wrong(
            "DATABASE_URL",
            _hidden(value),
            "postgres://利用者:合言葉@ホスト:5432/名前",
            "postgres://user:password@host:5432/name",
        )
    return dict(environ.Env.db_url_config(value))


def broker(queue: Path) -> tuple[str, dict[str, Any]]:
    """Celery's broker and its options: REDIS_URL, else files below `queue`."""
    value = text("REDIS_URL")
    if not value:
        return "filesystem://localhost", _folders(queue)
    parts = urlsplit(value)
    if parts.scheme in {"redis", "rediss"}:
        return value, dict(BROKER_LIMITS)
    if parts.scheme == "unix" and parts.path:
        return (
            f"redis+socket://{parts.path}?virtual_host={parse_qs(parts.query).get('db', ['0'])[0]}",
            dict(BROKER_LIMITS),
        )
    raise _wrong("REDIS_URL", _hidden(value), "redis://ホスト:6379/0", "redis://host:6379/0")


def mail(folder: Path) -> dict[str, Any]:
    """Django's EMAIL_* settings from EMAIL_URL; without it every mail is a file in `folder`."""
    value = text("EMAIL_URL")
    if value and urlsplit(value).scheme not in MAIL_SCHEMES:
        example = "smtp+tls://user:password@host:587"
        raise _wrong("EMAIL_URL", _hidden(value), example, example)
    settings: dict[str, Any] = {
        "EMAIL_BACKEND": "municipality.notifications.mail_files.FileBackend",
        "EMAIL_FILE_PATH": folder,
        "EMAIL_HOST": "localhost",
        "EMAIL_PORT": 25,
        "EMAIL_HOST_USER": "",
        "EMAIL_HOST_PASSWORD": "",
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
    }
    given = environ.Env.email_url_config(value) if value else {}
    if given.get("EMAIL_BACKEND") == "django.core.mail.backends.smtp.EmailBackend":
        given["EMAIL_BACKEND"] = "municipality.notifications.smtp.EmailBackend"
    return settings | {name: given[name] for name in settings if name in given}


def oidc_apps() -> list[dict[str, Any]]:
    """The first OpenID Connect provider, from OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET,
    OIDC_NAME; none without an issuer.

    It belongs to the body OIDC_MUNICIPALITY (six digits); where that is not set, to the only body
    there is.
    """
    issuer = text("OIDC_ISSUER")
    if not issuer:
        return []
    if not is_protected(issuer):
        example = "https://login.example.lg.jp/realms/staff"
        raise _wrong("OIDC_ISSUER", issuer, f"{example} のような形", f"like {example}")
    missing = [name for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET") if not text(name)]
    if missing:
        names = ", ".join(missing)
        raise ImproperlyConfigured(
            f"OIDC_ISSUER を指定するときは {names} も必要です。 With OIDC_ISSUER, {names} must be set too."
        )
    return [
        {
            "provider_id": text("OIDC_ID", "oidc"),
            "name": text("OIDC_NAME", "OpenID Connect"),
            "client_id": text("OIDC_CLIENT_ID"),
            "secret": text("OIDC_CLIENT_SECRET"),
            "settings": {"server_url": issuer, "municipality": text("OIDC_MUNICIPALITY")},
        }
    ]


def keys(kept: Path, *, embedded: bool) -> tuple[str, list[str], str]:
    """SECRET_KEY, FIELD_KEYS (comma separated, the first writes) and HISTORY_KEY.

    The embedded default reads what is missing from `kept`, see `keep_keys`. With a database of its
    own every process must be told the same keys, so there each of them is required.
    """
    given = {name: text(name) for name in KEYS}
    missing = [name for name, value in given.items() if not value]
    if missing and not embedded:
        raise ImproperlyConfigured(
            f"DATABASE_URL を指定するときは {'・'.join(missing)} も必要です（値は python -m config.env で作れます）。"
            f" With DATABASE_URL, {', '.join(missing)} must be set too (python -m config.env "
            "makes values)."
        )
    if missing:
        given |= {name: value for name, value in _kept(kept).items() if name in missing}
    fields = [key.strip() for key in given["FIELD_KEYS"].split(",") if key.strip()]
    for key in fields:
        _check_field_key(key)
    return given["SECRET_KEY"], fields, given["HISTORY_KEY"]


def keep_keys(kept: Path) -> None:
    """Make what the embedded default needs and nobody has told: keys in `kept`, readable by its
    owner only. manage.py does this first; two processes that start at once end up with the same
    ones.
    """
    if kept.exists() or text("DATABASE_URL") or all(text(name) for name in KEYS):
        return
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=kept.parent, prefix=".secrets-") as draft:
        json.dump(fresh_keys(), draft, indent=1)
        draft.flush()
        with suppress(FileExistsError):
            os.link(draft.name, kept)


def fresh_keys() -> dict[str, str]:
    """New random values of the three keys; a field key is 32 bytes in the URL-safe base64 that
    Fernet takes.
    """
    field = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": field,
        "HISTORY_KEY": secrets.token_urlsafe(32),
    }


def _kept(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"{path} がありません。manage.py のコマンドを1度実行すると作られます。"
            f" {path} is missing: any command of manage.py makes it."
        ) from None
    except (ValueError, OSError) as error:
        raise ImproperlyConfigured(
            f"{path} を読めません。 {path} cannot be read: {error}"
        ) from error


def _check_field_key(key: str) -> None:
    try:
        right = len(base64.urlsafe_b64decode(key)) == 32
    except ValueError:
        right = False
    if not right:
        raise _wrong(
            "FIELD_KEYS",
            "***",
            "32 バイトの base64（openssl rand -base64 32 | tr +/ -_）",
            "32 bytes in URL-safe base64",
        )


def _folders(queue: Path) -> dict[str, Any]:
    messages, control = queue / "messages", queue / "control"
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "polling_interval": 0.2,
    }


def _hidden(value: str) -> str:
    """An address without its password, for an error text that ends up in a log."""
    password = urlsplit(value).password
    return value.replace(f":{password}@", ":***@") if password else value


def _wrong(name: str, value: str, wanted: str, wanted_en: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"環境変数 {name}「{value}」は使えません。{wanted}で指定してください。 {name}: expected {wanted_en}."
    )


if __name__ == "__main__":
    for key_name, fresh_value in fresh_keys().items():
        print(f"{key_name}={fresh_value}")  # noqa: T201
