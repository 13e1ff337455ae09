"""The example of docs/api.md, run as it stands there against the site."""

import os
import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings as site

from annotator import jobs
from annotator.models import System
from tests.api.calls import fresh
from tests.scoring.answered import BAD, GOOD, cut, golden, lines, make_gold, pilot, predict

__all__ = ["cut", "golden", "make_gold", "pilot", "predict"]


def run(folder: Path, lines: str, **where: str) -> subprocess.CompletedProcess[str]:
    """Run the example over some lines of predictions."""
    [code] = re.findall(r"```python\n(.*?)```", (site.BASE_DIR / "docs/api.md").read_text("utf-8"), re.S)
    script, said = folder / "send.py", folder / "predictions.jsonl"
    script.write_text(code, "utf-8")
    said.write_text(lines, "utf-8")
    command = [sys.executable, str(script), str(said), "run 7"]
    return subprocess.run(command, env={**os.environ, **where}, capture_output=True, text=True, check=False)


def test_it_sends_predictions_by_a_job_and_reads_the_leaderboard(
    live_server, mo, golden, predict, settings, monkeypatch, tmp_path: Path
):
    settings.IMPORT_IN_REQUEST_BYTES = 10
    monkeypatch.setattr(jobs, "nudge", jobs.run)
    predict("poor", ("p1", BAD))
    where = {"PROVISO_SITE": live_server.url, "PROVISO_TOKEN": fresh(mo), "PROVISO_PROJECT": "clocks"}
    done = run(tmp_path, lines(*((name, GOOD) for name in golden)), **where)
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.splitlines()[0] == f"{len(golden)} answers of run 7 brought in"
    assert [line.split()[-1] for line in done.stdout.splitlines()[2:]] == ["7", "poor"]
    assert System.objects.get(name="run 7").complete


def test_what_is_refused_ends_it_with_title_and_detail_and_no_traceback(live_server, mo, golden, tmp_path: Path):
    where = {"PROVISO_SITE": live_server.url, "PROVISO_TOKEN": fresh(mo), "PROVISO_PROJECT": "clocks"}
    for changed, said in (({"PROVISO_TOKEN": "pv_no"}, "Unauthorized: "), ({"PROVISO_PROJECT": "none"}, "Not Found: ")):
        refused = run(tmp_path, "", **(where | changed))
        assert (refused.returncode, refused.stderr.startswith(said)) == (1, True)
        assert "Traceback" not in refused.stderr
    bad = run(tmp_path, '{"id": 5}\n', **where)
    assert (bad.returncode, bad.stderr.splitlines()[0].startswith("Unprocessable")) == (1, True)
    assert "line 1" in bad.stderr
