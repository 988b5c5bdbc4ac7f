"""WeCom's own envelope code for Node, as the caller of our two callback addresses."""

from tests.strangers.room import Room, Stranger
from tests.strangers.wecom_rig import call_our_doors


async def _visit(room: Room) -> None:
    await call_our_doors(room, "wecom_calls.mjs")


STRANGER = Stranger(
    name="wecom-crypto-node",
    ecosystem="npm",
    package="@wecom/crypto",
    version="1.0.1",
    what="our doors: app and AI bot verified, messages, sealed answers, forgeries",
    visit=_visit,
)
