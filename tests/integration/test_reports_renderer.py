"""The drawing process: warm, killed, crashed and closed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from reports.renderer import Renderer, RenderError
from reports.results import BarFigures, FunnelFigures, Row, StageFigure

BARS = BarFigures(title="按行业", rows=(Row(name="汽车", value=3_000_000),))
FUNNEL = FunnelFigures(title="漏斗", stages=(StageFigure(name="接触", count=1, amount_fen=100),))
PNG = b"\x89PNG"


@pytest.fixture
async def renderer() -> AsyncIterator[Renderer]:
    made = Renderer()
    yield made
    await made.close()


def is_alive(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


async def test_pictures_come_from_one_process(renderer: Renderer) -> None:
    await renderer.start()
    first = renderer.pid
    drawn = await asyncio.gather(*(renderer.render("bars", BARS) for _ in range(3)))
    assert all(png.startswith(PNG) for png in drawn)
    assert len(set(drawn)) == 1
    assert renderer.pid == first


async def test_it_starts_with_the_first_picture(renderer: Renderer) -> None:
    assert renderer.pid is None
    assert (await renderer.render("funnel", FUNNEL)).startswith(PNG)


async def test_wrong_figures_spoil_one_picture(renderer: Renderer) -> None:
    with pytest.raises(RenderError, match="AttributeError"):
        await renderer.render("bars", FUNNEL)
    with pytest.raises(RenderError, match="KeyError"):
        await renderer.render("pie", BARS)
    first = renderer.pid
    assert (await renderer.render("bars", BARS)).startswith(PNG)
    assert renderer.pid == first


async def test_a_dead_process_is_replaced(renderer: Renderer) -> None:
    await renderer.start()
    first = renderer.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    with contextlib.suppress(RenderError):  # noticed before or while it is asked
        await renderer.render("bars", BARS)
    assert (await renderer.render("bars", BARS)).startswith(PNG)
    assert renderer.pid != first


async def test_a_picture_that_takes_too_long_is_given_up() -> None:
    renderer = Renderer(draw_seconds=0)
    try:
        await renderer.start()
        first = renderer.pid
        assert first is not None
        with pytest.raises(RenderError, match="0 s"):
            await renderer.render("bars", BARS)
        assert renderer.pid is None
        assert not is_alive(first)
    finally:
        await renderer.close()


async def test_a_picture_nobody_waits_for_leaves_no_answer_behind(renderer: Renderer) -> None:
    await renderer.start()
    waiting = asyncio.create_task(renderer.render("funnel", FUNNEL))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    alone = await renderer.render("bars", BARS)
    assert alone == await renderer.render("bars", BARS)


async def test_close_ends_the_process() -> None:
    renderer = Renderer()
    await renderer.start()
    pid = renderer.pid
    assert pid is not None
    await renderer.close()
    await renderer.close()
    assert not is_alive(pid)


def test_the_service_does_not_load_what_draws() -> None:
    loaded = "import sys, reports.renderer; print({'matplotlib', 'numpy'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"
