"""What WeCom remembers for an app: its token, its media, its cards' codes, its limits."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from simulator.wecom.errors import ApiError

MEDIA_SECONDS = 3 * 86400.0
RESPONSE_CODE_SECONDS = 72 * 3600.0

Now = Callable[[], float]


class Tokens:
    """One access token at a time; the same one is given out while it is valid."""

    def __init__(self, valid_seconds: float, now: Now) -> None:
        self._valid_seconds = valid_seconds
        self._now = now
        self._token = ""
        self._until = 0.0
        self._former: set[str] = set()

    def get(self) -> tuple[str, int]:
        """The token and how many seconds it has left."""
        if self._now() >= self._until:
            self.expire()
            self._token = secrets.token_urlsafe(64)
            self._until = self._now() + self._valid_seconds
        return self._token, max(1, int(self._until - self._now()))

    def expire(self) -> None:
        """The current token is refused from now on, with 42001."""
        self._former.add(self._token)
        self._until = 0.0

    def check(self, token: str) -> None:
        if not token:
            raise ApiError(41001)
        if token in self._former or (token == self._token and self._now() >= self._until):
            raise ApiError(42001)
        if token != self._token:
            raise ApiError(40014)


@dataclass(frozen=True, slots=True)
class Media:
    """An uploaded file; `owner` is the webhook's key, "" for the company's own."""

    kind: str
    filename: str
    content_type: str
    raw: bytes
    created_at: float
    owner: str


class MediaStore:
    """Files by media_id, for three days."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._media: dict[str, Media] = {}

    def add(
        self, kind: str, filename: str, content_type: str, raw: bytes, owner: str = ""
    ) -> tuple[str, Media]:
        media = Media(kind, filename, content_type, raw, self._now(), owner)
        media_id = secrets.token_urlsafe(32)
        self._media[media_id] = media
        return media_id, media

    def get(self, media_id: str, *, owner: str = "") -> Media:
        media = self._media.get(media_id)
        if media is None or media.owner != owner:
            raise ApiError(40007)
        if self._now() - media.created_at > MEDIA_SECONDS:
            raise ApiError(40007, "expired")
        return media


class ResponseCodes:
    """Codes that let a card be changed: each once, within 72 hours."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._open: dict[str, tuple[str, float]] = {}

    def issue(self, msg_id: str) -> str:
        code = secrets.token_urlsafe(48)
        self._open[code] = (msg_id, self._now())
        return code

    def msg_id_of(self, code: str) -> str:
        """Raises ApiError for an unknown, used or old code; doesn't use it up."""
        msg_id, issued_at = self._open.get(code, ("", 0.0))
        if not msg_id:
            raise ApiError(40058, "invalid or used response_code")
        if self._now() - issued_at > RESPONSE_CODE_SECONDS:
            raise ApiError(40058, "response_code expired")
        return msg_id

    def use_up(self, code: str) -> None:
        self._open.pop(code, None)
