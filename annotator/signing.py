"""The signature of what a hook is sent. Pure."""

import hashlib
import hmac
import secrets

PREFIX = "pvh_"  # by which people, and those who look for leaked secrets, recognise one


def fresh_secret() -> str:
    """Return 256 random bits to sign with."""
    return PREFIX + secrets.token_urlsafe(32)


def signature(secret: str, at: int, body: bytes) -> str:
    """Return ``t=…,v1=…``: the Unix time ``at`` in seconds, and HMAC-SHA256 over it, a full stop and the body.

    The time is signed too, so that whoever overheard a message cannot send it again later as a fresh one.
    """
    found = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={found}"
