"""DingTalk's official Stream SDK for Node; it doesn't encode tickets, so these are plain."""

from tests.strangers.dingtalk_rig import spend_a_day_on_stream
from tests.strangers.room import Room, Stranger


async def _visit(room: Room) -> None:
    await spend_a_day_on_stream(room, "stream_sdk.mjs")


STRANGER = Stranger(
    name="dingtalk-stream-node",
    ecosystem="npm",
    package="dingtalk-stream",
    version="2.1.5",
    what="Stream: messages, file, card, event, ping, disconnect",
    visit=_visit,
)
