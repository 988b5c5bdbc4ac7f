"""DingTalk's door for the page: the robot, alone and in the groups in which it is @-ed."""

from simulator.dingtalk.server import DingTalk
from simulator.doors import Door
from simulator.ledger import Button, Message


def robot_door(dingtalk: DingTalk, *, door_id: str = "dingtalk", subtitle: str) -> Door:
    """`subtitle` tells how the robot is connected: Stream or HTTP."""
    config = dingtalk.config

    async def say(userid: str, text: str, chat: str | None) -> None:
        await dingtalk.say(userid, text, chat=chat)

    async def press(userid: str, message: Message, button: Button) -> None:
        if button.key:
            await dingtalk.tap(userid, message.card_id, button.key)
        else:
            await dingtalk.press(userid, button.text)

    return Door(
        id=door_id,
        platform="钉钉",
        title=config.app_name,
        subtitle=subtitle,
        ledger=dingtalk.ledger,
        alone="app",
        together="group",
        owners=[member for member in config.members if not member.is_outsider],
        groups={group.open_conversation_id: group.title for group in config.groups},
        say=say,
        press=press,
        can_write_together=True,
    )
