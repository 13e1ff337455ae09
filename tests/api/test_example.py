"""The example of docs/api.md, run as it stands there against the site."""

import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from annotator.models import System
from tests.api.calls import fresh
from tests.scoring.answered import BAD, GOOD, cut, golden, lines, make_gold, pilot, predict

__all__ = ["cut", "golden", "make_gold", "pilot", "predict"]


def test_it_sends_predictions_and_reads_the_leaderboard(live_server, mo, golden, predict, tmp_path: Path):
    predict("poor", ("p1", BAD))
    [code] = re.findall(r"```python\n(.*?)```", (settings.BASE_DIR / "docs/api.md").read_text("utf-8"), re.S)
    script, said = tmp_path / "send.py", tmp_path / "predictions.jsonl"
    script.write_text(code, "utf-8")
    said.write_text(lines(*((name, GOOD) for name in golden)), "utf-8")
    where = {"PROVISO_SITE": live_server.url, "PROVISO_TOKEN": fresh(mo), "PROVISO_PROJECT": "clocks"}
    command = [sys.executable, str(script), str(said), "run 7"]
    done = subprocess.run(command, env={**os.environ, **where}, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines()[0] == f"{len(golden)} answers of run 7 brought in"
    assert [line.split()[-1] for line in done.stdout.splitlines()[2:]] == ["7", "poor"]
    assert System.objects.get(name="run 7").complete
