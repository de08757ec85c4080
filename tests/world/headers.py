"""What every answer says of itself: strict policy, no guessing of types, no frame, and no copy
where somebody is signed in.
"""

from __future__ import annotations

from typing import Any

ALWAYS = {
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Referrer-Policy": {"same-origin", "no-referrer"},
    "Cross-Origin-Opener-Policy": {"same-origin"},
}
SOURCES = {"'self'", "'none'"}
"""All that a page's policy may allow; a paper that is only looked at is shut in a sandbox
besides.
"""


def lacking(response: Any, *, signed_in: bool) -> str:
    """The first header that an answer lacks; nothing when it has them all."""
    for name, values in ALWAYS.items():
        if response.headers.get(name) not in values:
            return f"{name} is {response.headers.get(name)!r}"
    if weak := _weak(response.headers.get("Content-Security-Policy", "")):
        return f"Content-Security-Policy {weak}"
    kept = response.headers.get("Cache-Control", "")
    return (
        f"Cache-Control is {kept!r}"
        if signed_in and not {"no-store", "private"} <= set(kept.split(", "))
        else ""
    )


def _weak(policy: str) -> str:
    rules = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    if rules.get("default-src") != "'none'" or rules.get("frame-ancestors") != "'none'":
        return f"is {policy!r}"
    loose = {
        source
        for name, sources in rules.items()
        if name.endswith("-src")
        for source in sources.split()
    } - SOURCES
    return f"allows {sorted(loose)}" if loose else ""
