"""What a WeCom stand-in is told before it starts: its company, its app, its bot, its limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A department; the root has `parent` 0."""

    id: int
    name: str
    parent: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody who has the app on a phone; role "rep" is shown on the left phone.

    `leads` are departments; `status` is 1 while they work, 2 when disabled, 5 when they left.
    """

    userid: str
    name: str
    role: str = "rep"
    colour: str = "#3b6ef5"
    departments: tuple[int, ...] = (1,)
    leads: tuple[int, ...] = ()
    title: str = ""
    status: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BotConfig:
    """One AI bot (智能机器人); limits and times are WeCom's published ones.

    by_super_admin: whether callbacks name members by their plain ids.
    poll_seconds: how often an unfinished answer is asked for, by callback.
    """

    bot_id: str
    mode: str = "callback"
    token: str = ""
    aes_key: str = ""
    secret: str = ""
    callback_url: str = ""
    name: str = "跟单"
    chats: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Id of a group that the bot is in → its name."""
    by_super_admin: bool = True
    poll_seconds: float = 0.5
    stream_seconds: float = 360.0
    event_seconds: float = 5.0
    url_seconds: float = 3600.0
    per_minute: int = 30
    per_hour: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsConfig:
    """The address-book helper, which tells who comes and leaves."""

    token: str
    aes_key: str
    callback_url: str = ""


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
    departments: tuple[Department, ...] = (Department(id=1, name="公司", parent=0),)
    bot: BotConfig | None = None
    contacts: ContactsConfig | None = None
    groups: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Key of a group robot's webhook → name of the group."""

    token_seconds: float = 7200.0
    callback_timeout_seconds: float = 5.0
    retries: int = 3
    """Deliveries after the first one; WeCom says "three retries in total"."""
    retry_gap_seconds: float = 1.0
    member_per_minute: int = 30
    member_per_hour: int = 1000
    group_per_minute: int = 20
