"""WeCom's two doors for the page: the self-built app with the groups' robots, and the AI bot."""

from functools import partial

from simulator.doors import Door
from simulator.ledger import Button, Message
from simulator.wecom.bot import AiBot
from simulator.wecom.server import WeCom


def app_door(wecom: WeCom) -> Door:
    """The app: everybody alone with it, and the groups into which robots push."""
    config = wecom.config

    async def say(userid: str, text: str, _chat: str | None) -> None:
        await wecom.say(userid, text)

    async def press(userid: str, message: Message, button: Button) -> None:
        await wecom.tap(userid, message.card_id, button.key)

    return Door(
        id="wecom",
        platform="企业微信",
        title=config.app_name,
        subtitle="企业微信 · 应用",
        ledger=wecom.ledger,
        alone="app",
        together="group",
        owners=config.members,
        groups=config.groups,
        say=say,
        press=press,
        enter=wecom.enter,
    )


def bot_door(wecom: WeCom) -> Door:
    """The AI bot: everybody alone with it, and the groups in which it is @-ed."""
    bot = wecom.the_bot
    return Door(
        id="wecom-bot",
        platform="企业微信",
        title=bot.config.name,
        subtitle="企业微信 · 智能机器人",
        ledger=wecom.ledger,
        alone="bot",
        together="bot",
        owners=wecom.config.members,
        groups=bot.config.chats,
        say=bot.say,
        press=partial(_press, bot),
        enter=bot.enter,
        can_write_together=True,
    )


async def _press(bot: AiBot, userid: str, message: Message, button: Button) -> None:
    chat = message.recipient if message.recipient in bot.config.chats else None
    await bot.tap(userid, message.card_id, button.key, chat)
