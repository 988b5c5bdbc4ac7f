"""DingTalk's official Stream SDK for Python."""

from tests.strangers.dingtalk_rig import spend_a_day_on_stream
from tests.strangers.room import Room, Stranger


async def _visit(room: Room) -> None:
    await spend_a_day_on_stream(room, "stream_sdk.py", has_awkward_tickets=True)


STRANGER = Stranger(
    name="dingtalk-stream-python",
    ecosystem="pypi",
    package="dingtalk-stream",
    version="0.24.3",
    what="Stream: messages, file, card, event, ping, disconnect",
    visit=_visit,
)
