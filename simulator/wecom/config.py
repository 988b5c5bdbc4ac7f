"""What a WeCom stand-in is told before it starts: its company, its app, its limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who has the app on a phone; role "rep" is shown on the left phone."""

    userid: str
    name: str
    role: str = "rep"
    colour: str = "#3b6ef5"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeComConfig:
    """One company with one self-built app; limits are WeCom's published ones."""

    corp_id: str
    agent_id: int
    secret: str
    token: str
    aes_key: str
    callback_url: str = ""
    app_name: str = "跟单"
    members: tuple[Member, ...] = ()
    groups: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Key of a group robot's webhook → name of the group."""
    suggestions: tuple[tuple[str, str], ...] = ()
    """(userid, text): messages that the page offers to send with one tap."""

    token_seconds: float = 7200.0
    callback_timeout_seconds: float = 5.0
    retries: int = 3
    """Deliveries after the first one; WeCom says "three retries in total"."""
    retry_gap_seconds: float = 1.0
    member_per_minute: int = 30
    member_per_hour: int = 1000
    group_per_minute: int = 20
