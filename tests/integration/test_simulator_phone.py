"""The phones in a real Chromium: typed, tapped, enlarged, by mouse and by keyboard."""

import asyncio
import base64
import hashlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from simulator.page import Page as Phones
from simulator.wecom.config import Member
from simulator.wecom.doors import app_door
from simulator.wecom.server import WeCom
from tests.integration.simulator_rig import Rig, card, open_rig

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# One pixel, grey.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mOsr6//DwAFhAKAjM1mJgAAAABJRU5ErkJg"
    "gg=="
)
MEMBERS = (
    Member(userid="lihua", name="李华"),
    Member(userid="zhaoyue", name="赵悦"),
    Member(userid="WangMin", name="王敏", role="manager"),
)
SUGGESTION = "今天拜访了客户，聊得不错"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here"),
]


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def phones(wecom: WeCom) -> AsyncIterator[Phones]:
    shown = Phones([app_door(wecom)], suggestions=(("lihua", SUGGESTION),))
    await shown.start()
    yield shown
    await shown.stop()


@asynccontextmanager
async def open_page(width: int = 1440, height: int = 900) -> AsyncIterator[tuple[Rig, Page]]:
    """A stand-in with a page that has loaded; fails on any error in the page's console."""
    async with (
        open_rig(members=MEMBERS) as rig,
        phones(rig[0]) as shown,
        open_browser() as browser,
    ):
        page = await browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
        faults: list[str] = []
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        await page.goto(shown.url)
        await expect(page.get_by_test_id("connection")).to_contain_text("已连接")
        yield rig, page
        assert faults == []


async def test_a_rep_writes_and_takes_it_back() -> None:
    async with open_page() as ((wecom, client, bot), page):
        phone = page.get_by_test_id("phone-rep")
        await phone.get_by_role("button", name=SUGGESTION).click()
        await expect(phone.get_by_test_id("waiting")).to_be_visible()
        assert await wecom.wait_for(lambda: [s for s in bot.seen if s["MsgType"] == "text"])
        await client.send("template_card", card())
        await expect(phone.get_by_test_id("waiting")).to_have_count(0)
        await phone.get_by_role("button", name="同意").click()
        tap = await wecom.wait_for(lambda: [s for s in bot.seen if s.get("TaskId") == "t1"])
        await client.update(tap[0]["ResponseCode"], button={"replace_name": "已同意 · 李华"})
        await expect(phone.get_by_test_id("card-replaced")).to_have_text("已同意 · 李华")
        await expect(phone.get_by_role("button", name="同意")).to_have_count(0)


async def test_the_keyboard_does_it_all() -> None:
    async with open_page() as ((wecom, client, bot), page):
        await client.send("template_card", card())
        field = page.get_by_test_id("input-rep")
        await field.fill("第一行")
        await field.press("Shift+Enter")
        await field.press_sequentially("第二行")
        await field.press("Enter")
        await wecom.wait_for(lambda: [s for s in bot.seen if s.get("Content") == "第一行\n第二行"])
        await expect(field).to_be_focused()
        await field.press("Shift+Tab")
        for _ in range(5):
            if await page.get_by_role("button", name="驳回").evaluate("e => e.matches(':focus')"):
                break
            await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        tap = await wecom.wait_for(lambda: [s for s in bot.seen if s.get("TaskId") == "t1"])
        assert tap[0]["EventKey"] == "no"


async def test_pictures_open_large_and_escape_closes_them() -> None:
    async with open_page() as ((_, client, _), page):
        digest = hashlib.md5(PIXEL).hexdigest()  # noqa: S324
        await client.robot("image", {"base64": base64.b64encode(PIXEL).decode(), "md5": digest})
        group = page.get_by_test_id("phone-group")
        await expect(page.get_by_test_id("badge-group")).to_have_text("1")
        await group.get_by_role("button", name="放大").click()
        large = page.get_by_test_id("lightbox")
        await expect(large).to_be_visible()
        assert await large.get_by_role("img").evaluate("e => e.naturalWidth") == 1
        await page.keyboard.press("Escape")
        await expect(large).to_be_hidden()
        await expect(page.get_by_test_id("badge-group")).to_be_hidden()


async def test_nothing_that_is_sent_becomes_markup() -> None:
    hostile = "<img src=x onerror=alert(1)> [点我](javascript:alert(1)) **<b>粗</b>**"
    async with open_page() as ((_, client, _), page):
        await client.text(hostile)
        await client.send("markdown", {"content": hostile})
        await client.send("template_card", card(main_title={"title": hostile}))
        log = page.get_by_test_id("log-rep")
        await expect(log.get_by_test_id("message")).to_have_count(3)
        await expect(log.get_by_text("<img src=x onerror=alert(1)>")).to_have_count(3)
        await expect(log.locator("b, a, img[src='x']")).to_have_count(0)
        await expect(log.locator("strong")).to_have_text("<b>粗</b>")


async def test_another_reps_phone_shows_only_theirs() -> None:
    async with open_page() as ((_, client, _), page):
        await client.text("给赵悦的", touser="zhaoyue")
        phone = page.get_by_test_id("phone-rep")
        chooser = page.get_by_test_id("select-rep")
        await expect(chooser.locator("option", has_text="赵悦（1 条新）")).to_have_count(1)
        await expect(phone.get_by_text("给赵悦的")).to_have_count(0)
        await chooser.select_option("zhaoyue")
        await expect(phone.get_by_text("给赵悦的")).to_be_visible()


async def test_one_phone_at_a_time_on_a_narrow_screen() -> None:
    async with open_page(390, 844) as ((_, client, _), page):
        await expect(page.get_by_test_id("phone-rep")).to_be_visible()
        await expect(page.get_by_test_id("phone-manager")).to_be_hidden()
        await client.text("等你审批", touser="WangMin")
        tab = page.get_by_test_id("tab-manager")
        await expect(tab).to_have_attribute("data-unread", "1")
        await tab.click()
        await expect(page.get_by_test_id("phone-manager").get_by_text("等你审批")).to_be_visible()
        await expect(tab).not_to_have_attribute("data-unread", "1")
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert width == 390


async def test_the_page_comes_back_with_everything_after_a_break() -> None:
    async with (
        open_rig(members=MEMBERS) as (wecom, client, _),
        phones(wecom) as shown,
        open_browser() as browser,
    ):
        page = await browser.new_page()
        await page.goto(shown.url)
        await expect(page.get_by_test_id("connection")).to_contain_text("已连接")
        await client.text("断开之前")
        phone = page.get_by_test_id("phone-rep")
        await expect(phone.get_by_text("断开之前")).to_be_visible()
        port = int(shown.url.rpartition(":")[2])
        await shown.stop()
        await expect(page.get_by_test_id("connection")).to_contain_text("正在重连")
        await asyncio.wait_for(shown.start(port), 30)
        await client.text("恢复之后")
        await expect(phone.get_by_text("恢复之后")).to_be_visible()
        await expect(phone.get_by_text("断开之前")).to_have_count(1)
