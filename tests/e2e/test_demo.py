"""The demo as a stranger meets it: the real bot, the simulated WeCom, a real browser."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from bot.demo.day import NOTE
from bot.demo.serve import Demo, demo_config, simulated

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SLOW_MS = 15_000


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    async with simulated(demo_config(tmp_path, 0), daily_at="23:59") as started:
        running = asyncio.create_task(started.service.run())
        yield started
        started.service.stop()
        await running


@pytest.fixture
async def page(demo: Demo) -> AsyncIterator[Page]:
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing")
        pytest.skip("Chromium is not installed")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = await browser.new_page(viewport={"width": 1440, "height": 900})
        opened.set_default_timeout(SLOW_MS)
        expect.set_options(timeout=SLOW_MS)
        await opened.goto(demo.page.url)
        yield opened
        await browser.close()


@pytest.mark.browser
async def test_note_undo_approval_and_picture(demo: Demo, page: Page) -> None:
    rep, manager = page.get_by_test_id("phone-rep"), page.get_by_test_id("phone-manager")
    group = page.get_by_test_id("phone-group")

    await page.get_by_test_id("input-rep").fill(NOTE)
    await page.keyboard.press("Enter")
    await expect(rep).to_contain_text("120万 → 150万")
    await rep.get_by_role("button", name="撤销").last.click()
    await expect(rep).to_contain_text("已撤销")

    await page.get_by_test_id("input-rep").fill("给宏达精密二期报价138万，打八二折")
    await page.keyboard.press("Enter")
    await manager.get_by_role("button", name="同意").last.click()
    await expect(manager).to_contain_text("已同意 · 王敏")
    await expect(rep).to_contain_text("王敏已同意")

    demo.clock.travel_to(datetime.now(demo.service.zone).replace(hour=23, minute=59, second=1))
    stage = demo.stands[0].stage
    pictures = await stage.wait_for(
        lambda: [m for m in stage.group() if m.picture], SLOW_MS / 1000
    )
    assert pictures[-1].picture[:4] == b"\x89PNG"
    shown = group.get_by_test_id("message").last.get_by_role("img").last
    await expect(shown).to_be_visible()
    await shown.click()
    await expect(page.get_by_test_id("lightbox")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("lightbox")).to_be_hidden()


@pytest.mark.browser
async def test_dingtalk_and_a_group(demo: Demo, page: Page) -> None:
    """The other platform has the same customers; in its group the robot answers who asks it."""
    for stand in demo.stands:
        await stand.ready()
    rep, group = page.get_by_test_id("phone-rep"), page.get_by_test_id("phone-group")
    await page.get_by_test_id("door-dingtalk").click()
    await page.get_by_test_id("input-rep").fill(NOTE)
    await page.keyboard.press("Enter")
    await expect(rep).to_contain_text("120万 → 150万")
    await rep.get_by_role("button", name="撤销").last.click()
    await expect(rep).to_contain_text("已撤销")

    await page.get_by_test_id("input-group").fill("华东这个月回款多少")
    await page.keyboard.press("Enter")
    await expect(group).to_contain_text("华东 11 月回款".replace("11", str(_month(demo))))

    await page.get_by_test_id("door-wecom-bot").click()
    await page.get_by_test_id("input-rep").fill("看一下宏达精密")
    await page.keyboard.press("Enter")
    await expect(rep).to_contain_text("二期产线改造")


def _month(demo: Demo) -> int:
    return datetime.now(demo.service.zone).month
