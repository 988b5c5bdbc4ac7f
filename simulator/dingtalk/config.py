"""What a DingTalk stand-in is told before it starts: its company, its app, its limits."""

from dataclasses import dataclass

from simulator.dingtalk.templates import Template, standard_template

ROOT_DEPARTMENT = 1
_MONTH_API_CALLS = 5000
_MONTH_MESSAGES = 3000

FREE_APIS = frozenset(
    {
        "oauth2/accessToken",
        "gettoken",
        "gateway/connections/open",
        "card/callbacks/register",
        "robot/sendBySession",
        "robot/send",
        "media/upload",
        "topapi/v2/user/get",
        "topapi/v2/user/list",
        "topapi/user/listid",
        "topapi/v2/department/get",
        "topapi/v2/department/listsub",
        "topapi/v2/department/listsubid",
    }
)
"""Calls that the month's quota isn't spent on."""

ALL_PERMISSIONS = frozenset(
    {
        "qyapi_robot_sendmsg",
        "Card.Instance.Write",
        "Card.Streaming.Write",
        "qyapi_get_member",
        "qyapi_get_department_list",
        "qyapi_get_department_member",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Somebody with DingTalk on a phone; role "rep" is shown on the left phone.

    is_outsider: of another company, in a group only: messages carry no senderStaffId and
    the contacts don't know this person.
    """

    userid: str
    name: str
    role: str = "rep"
    colour: str = "#3b6ef5"
    union_id: str = ""
    title: str = ""
    mobile: str = ""
    dept_ids: tuple[int, ...] = (ROOT_DEPARTMENT,)
    leads: tuple[int, ...] = ()
    """Departments that this member is the leader of."""
    manager_userid: str = ""
    is_admin: bool = False
    is_outsider: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    dept_id: int
    name: str
    parent_id: int = ROOT_DEPARTMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group that the app's robot is in; `members` empty means everybody."""

    open_conversation_id: str
    title: str
    members: tuple[str, ...] = ()
    has_robot: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRobot:
    """A custom robot (自定义机器人) of a group; keywords and secret are its security."""

    token: str
    open_conversation_id: str
    secret: str = ""
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DingTalkConfig:
    """One company with one internal app; limits are DingTalk's published ones.

    Whoever needs another value, a shorter time-out or a quirk, changes the field.
    """

    corp_id: str
    client_id: str
    client_secret: str
    robot_code: str = ""
    """Normally the Client ID, and that is what "" means."""
    app_name: str = "跟单"
    members: tuple[Member, ...] = ()
    departments: tuple[Department, ...] = ()
    groups: tuple[Group, ...] = ()
    group_robots: tuple[GroupRobot, ...] = ()
    templates: tuple[Template, ...] = (standard_template(),)

    robot_url: str = ""
    """Robot messages are POSTed there; "" leaves them to Stream."""
    robot_aes_key: str = ""
    """Seals the body of robot messages over HTTP; it is in clear without one."""
    event_url: str = ""
    event_token: str = ""
    event_aes_key: str = ""

    permissions: frozenset[str] = ALL_PERMISSIONS
    ip_white_list: tuple[str, ...] = ()
    """Addresses or networks that may call; () lets everybody."""
    token_seconds: float = 7200.0
    bad_token_status: int = 400
    """The code list says 400; 401 has been seen as well."""
    wraps_old_errors: bool = False
    """Errors of the old API's gateway come as errcode 88 with a sub_code."""
    calls_per_second: int = 20
    api_calls_per_month: int = _MONTH_API_CALLS
    messages_per_month: int = _MONTH_MESSAGES
    free_apis: frozenset[str] = FREE_APIS
    webhook_replies_count: bool = True
    card_callbacks_count: bool = True
    batch_most_users: int = 20
    msg_param_bytes: int = 15_000
    session_seconds: float = 5400.0
    session_gone_errcode: int = 300001
    download_seconds: float = 600.0
    group_robot_per_minute: int = 20
    group_robot_block_seconds: float = 600.0
    card_key_bytes: int = 100
    card_value_bytes: int = 3072
    """The docs say 1 KB, and about 3 KB works; beyond 1 KB a card gets a warning."""
    stream_content_bytes: int = 3072
    """The whole text of a streaming card."""

    stream_timeout_seconds: float = 3.0
    http_timeout_seconds: float = 2.5
    card_timeout_seconds: float = 2.0
    card_content_key: str = "content"
    """One page of the docs calls it "value", with `params` beside cardPrivateData."""
    robot_repush_seconds: float | None = None
    """None: never again, as the protocol says; the Node SDK's comments speak of 60."""
    event_retry_gaps: tuple[float, ...] = (10.0, 30.0)
    ticket_seconds: float = 90.0
    has_awkward_tickets: bool = False
    """Tickets with "+", "/" and "=", which break in an address unless they are encoded."""
    ping_seconds: float = 60.0
    disconnect_close_seconds: float = 10.0
    event_headers_key: str = "headers"
    """One official sample of an event spells it "header"."""
    has_flat_text: bool = False
    """A text comes as `content` instead of `text.content`, as one sample of the docs has it."""
    has_text_times: bool = False
    """createAt comes as a string."""

    @property
    def robot(self) -> str:
        return self.robot_code or self.client_id
