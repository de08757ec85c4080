"""The environment is read strictly: a wrong value is named with an example, and no password gets
into the text.
"""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

KEYS = ("SECRET_KEY", "FIELD_KEYS", "HISTORY_KEY")


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in (
        *KEYS,
        "DATABASE_URL",
        "REDIS_URL",
        "EMAIL_URL",
        "OIDC_ISSUER",
        "OIDC_CLIENT_ID",
        "OIDC_CLIENT_SECRET",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("HTTPS", "maybe", lambda: env.flag("HTTPS")),
        ("PORT", "80a", lambda: env.number("PORT", 8000)),
        ("PORT", "-1", lambda: env.number("PORT", 8000)),
        ("PORT", "0", lambda: env.number("PORT", 8000, least=1)),
        ("PORT", "８０００", lambda: env.number("PORT", 8000)),
        ("TICK_SECONDS", "0", lambda: env.seconds("TICK_SECONDS", 60)),
        ("TICK_SECONDS", "soon", lambda: env.seconds("TICK_SECONDS", 60)),
        ("BASE_URL", "telework.example.jp", lambda: env.address("BASE_URL")),
        ("BASE_URL", "ftp://telework.example.jp", lambda: env.address("BASE_URL")),
        ("DATABASE_URL", "mysql://a:geheim@db/x", lambda: env.database("sqlite:///x")),
        ("DATABASE_URL", "db.example.jp", lambda: env.database("sqlite:///x")),
        ("REDIS_URL", "amqp://a:geheim@mq", lambda: env.broker(None)),
        ("REDIS_URL", "unix://", lambda: env.broker(None)),
        ("EMAIL_URL", "mail://a:geheim@mail", lambda: env.mail(None)),
        ("OIDC_ISSUER", "id.example.jp", env.oidc_apps),
        ("OIDC_ISSUER", "http://id.example.jp", env.oidc_apps),
        ("OIDC_ISSUER", "https://id.example.jp", env.oidc_apps),
    ],
)
def test_a_wrong_value_is_refused_by_name_and_without_its_password(monkeypatch, name, value, read):
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        read()
    assert name in str(refusal.value)
    assert "geheim" not in str(refusal.value)


def test_an_empty_value_counts_as_not_set(monkeypatch):
    monkeypatch.setenv("PORT", " ")
    monkeypatch.setenv("BASE_URL", "")
    monkeypatch.setenv("HTTPS", "")
    assert (env.number("PORT", 8000), env.address("BASE_URL", "http://x/"), env.flag("HTTPS")) == (
        8000,
        "http://x",
        False,
    )


def test_a_socket_folder_of_postgres_is_understood(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://postgres@/telework?host=/run/postgresql")
    found = env.database("sqlite:///x")
    assert (found["ENGINE"], found["NAME"], found["OPTIONS"]) == (
        "django.db.backends.postgresql",
        "telework",
        {"host": "/run/postgresql"},
    )


@pytest.mark.parametrize(
    ("given", "broker"),
    [
        ("redis://:x@broker:6379/2", "redis://:x@broker:6379/2"),
        ("rediss://broker:6379/0", "rediss://broker:6379/0"),
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock?virtual_host=0"),
    ],
)
def test_the_broker_is_never_waited_for_long(monkeypatch, given, broker):
    monkeypatch.setenv("REDIS_URL", given)
    address, options = env.broker(None)
    assert address == broker
    assert options["socket_connect_timeout"] <= 0.3
    assert options["socket_timeout"] <= 1.0


def test_without_a_broker_messages_are_files(tmp_path):
    address, options = env.broker(tmp_path / "queue")
    folder = str(tmp_path / "queue" / "messages")
    assert address == "filesystem://localhost"
    assert options["data_folder_in"] == options["data_folder_out"] == folder
    assert list(tmp_path.iterdir()) == []


def test_a_mail_server_is_read_from_its_address(tmp_path, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://office:geheim@mail.example.jp:587")
    assert env.mail(tmp_path) == {
        "EMAIL_BACKEND": "municipality.notifications.smtp.EmailBackend",
        "EMAIL_FILE_PATH": "",
        "EMAIL_HOST": "mail.example.jp",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "office",
        "EMAIL_HOST_PASSWORD": "geheim",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
    }


def test_without_a_mail_server_mails_are_files(tmp_path):
    found = env.mail(tmp_path / "mail")
    assert found["EMAIL_BACKEND"].endswith("mail_files.FileBackend")
    assert found["EMAIL_FILE_PATH"] == tmp_path / "mail"


def test_the_embedded_default_makes_its_keys_once_and_keeps_them_to_itself(tmp_path):
    kept = tmp_path / "new" / "secrets.json"

    def make_and_read(_turn: int) -> tuple[str, list[str], str]:
        env.keep_keys(kept)
        return env.keys(kept, embedded=True)

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(make_and_read, range(64)))
    assert all(keys == found[0] for keys in found)
    assert len(found[0][0]) >= 50
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize("told", [{"DATABASE_URL": "postgres://a:b@db/x"}, env.fresh_keys()])
def test_no_key_is_made_where_it_must_be_told_or_is(tmp_path, monkeypatch, told):
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    env.keep_keys(tmp_path / "secrets.json")
    assert list(tmp_path.iterdir()) == []


def test_keys_that_nobody_made_are_missed_by_name(tmp_path):
    with pytest.raises(ImproperlyConfigured, match=r"secrets\.json is missing"):
        env.keys(tmp_path / "secrets.json", embedded=True)
    assert list(tmp_path.iterdir()) == []


def test_a_key_of_the_environment_wins_over_the_kept_one(tmp_path, monkeypatch):
    kept = tmp_path / "secrets.json"
    env.keep_keys(kept)
    _secret, fields, history = env.keys(kept, embedded=True)
    monkeypatch.setenv("SECRET_KEY", "of the environment")
    assert env.keys(kept, embedded=True) == ("of the environment", fields, history)


@pytest.mark.parametrize("left_out", KEYS)
def test_a_real_installation_is_told_each_key(tmp_path, monkeypatch, left_out):
    for name, value in env.fresh_keys().items():
        if name != left_out:
            monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=left_out):
        env.keys(tmp_path / "secrets.json", embedded=False)
    assert list(tmp_path.iterdir()) == []


def test_field_keys_rotate_and_a_broken_one_is_refused_unseen(tmp_path, monkeypatch):
    new, old = env.fresh_keys()["FIELD_KEYS"], env.fresh_keys()["FIELD_KEYS"]
    env.keep_keys(tmp_path / "secrets.json")
    monkeypatch.setenv("FIELD_KEYS", f" {new} , {old} ")
    assert env.keys(tmp_path / "secrets.json", embedded=True)[1] == [new, old]
    monkeypatch.setenv("FIELD_KEYS", "too-short")
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.keys(tmp_path / "secrets.json", embedded=True)
    assert "too-short" not in str(refusal.value)


def test_the_first_provider_comes_from_the_environment(monkeypatch):
    assert env.oidc_apps() == []
    monkeypatch.setenv("OIDC_ISSUER", "https://id.example.jp/realm/")
    monkeypatch.setenv("OIDC_CLIENT_ID", "telework")
    monkeypatch.setenv("OIDC_CLIENT_SECRET", "geheim")
    (app,) = env.oidc_apps()
    found = (app["provider_id"], app["client_id"], app["settings"]["server_url"])
    assert found == ("oidc", "telework", "https://id.example.jp/realm/")
