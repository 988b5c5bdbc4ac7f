"""The day that `gendan demo --play` plays, as a command of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_every_step_of_the_day_gets_its_right_answer(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--play", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    transcript = (tmp_path / "out" / "transcript.md").read_text(encoding="utf-8")
    assert ended.returncode == 0, transcript + ended.stderr
    assert "✗" not in transcript
    assert "各入口写下的记录相同" in transcript
    for door in ("wecom-app", "wecom-bot", "dingtalk-stream", "dingtalk-http"):
        for picture in ("daily", "ranking"):
            drawn = tmp_path / "out" / f"{door}-{picture}.png"
            assert drawn.read_bytes()[:4] == b"\x89PNG"
