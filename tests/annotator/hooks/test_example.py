"""The example of docs/webhooks.md, run as it stands there against what is really sent."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from runpy import run_path

import pytest
from django.conf import settings

from annotator.actions.announcing import announce_test
from annotator.delivering import attempt
from annotator.signing import signature

SECRET, BODY = "pvh_a-secret", b'{"event": "test"}'


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., bool]:
    [code] = re.findall(r"```python\n(.*?)```", (settings.BASE_DIR / "docs/webhooks.md").read_text("utf-8"), re.S)
    (tmp_path / "receiver.py").write_text(code, "utf-8")
    found: Callable[..., bool] = run_path(str(tmp_path / "receiver.py"))["is_from_proviso"]
    return found


def test_it_takes_what_a_hook_is_sent(hook, receiver, check):
    announce_test(hook)
    attempt(hook.deliveries.get().pk)
    [got] = receiver.got
    assert check(hook.secret, got.headers["Proviso-Signature"], got.body)
    assert not check("pvh_another", got.headers["Proviso-Signature"], got.body)
    assert not check(hook.secret, got.headers["Proviso-Signature"], got.body + b" ")


def test_it_refuses_what_is_old_or_no_signature(check):
    now = int(time.time())
    assert check(SECRET, signature(SECRET, now, BODY), BODY)
    assert not check(SECRET, signature(SECRET, now - 600, BODY), BODY)
    genuine = signature(SECRET, now - 600, BODY)
    assert not check(SECRET, genuine.replace(str(now - 600), str(now)), BODY)
    assert not any(check(SECRET, header, BODY) for header in ("", "t=", "v1=é", f"t={now}", "t=a,v1=b"))
