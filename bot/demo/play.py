"""A rep's day played against the real bot without a browser: `gendan demo --play DIR`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.stands import GROUP, Stage
from simulator.ledger import Message

State = tuple[int, int, str]
TEAM = "#"
"""The screen of the team's group."""
ANSWER_SECONDS = 70.0
"""How long a step waits for its answer: WeCom takes thirty messages a minute for one person, and a
day is played in less than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Somebody does something, and then these words must stand on these screens.

    `say` or `press` (a button's label) by `who`; `due` lets a time come instead. `expect` are
    (screen, words…): a member's id, or TEAM for the team's group. `absent` words must not stand
    in the answer.
    """

    title: str
    who: str = ""
    say: str = ""
    press: str = ""
    due: Callable[[], Awaitable[None]] | None = None
    expect: Sequence[tuple[str, ...]] = ()
    absent: Sequence[str] = ()
    picture: str = ""


@dataclass(slots=True)
class Play:
    """Plays steps one after the other and writes down what was seen."""

    stage: Stage
    folder: Path
    names: Mapping[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    failures: int = 0

    async def run(self, steps: Sequence[Step]) -> bool:
        """Whether every step got its right answer; `lines` tell it, `folder` has the pictures."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lines = [f"# 销售的一天 · {self.stage.title}", ""]
        for number, step in enumerate(steps, 1):
            await self._play(number, step)
        verdict = "全部正确" if not self.failures else f"{self.failures} 步不对"
        self.lines += ["---", f"共 {len(steps)} 步，{verdict}。", ""]
        return not self.failures

    async def _play(self, number: int, step: Step) -> None:
        before = {_state(m) for screen, *_ in step.expect for m in self._screen(screen)}
        self.lines += [f"## {number}. {step.title}", ""]
        fault = await self._act(step)
        for screen, *words in step.expect:
            if not await self._appears(screen, before, words):
                fault = f"在 {self._name(screen)} 没有看到：{'、'.join(words)}"
        fresh = {s: self._fresh(s, before) for s in dict.fromkeys(s for s, *_ in step.expect)}
        for screen, messages in fresh.items():
            self._write_screen(screen, messages)
        seen = "\n".join(m.text for messages in fresh.values() for m in messages)
        wrong = [word for word in step.absent if word in seen]
        fault = fault or (f"不该出现：{'、'.join(wrong)}" if wrong else "")
        if step.picture and not fault:
            fault = self._keep_picture(step)
        self.failures += bool(fault)
        self.lines += [f"**✗ {fault}**" if fault else "✓", ""]

    async def _appears(self, screen: str, before: set[State], words: Sequence[str]) -> bool:
        def shown() -> bool:
            fresh = self._fresh(screen, before)
            return any(all(word in m.text for word in words) for m in fresh)

        try:
            return bool(await self.stage.wait_for(shown, ANSWER_SECONDS))
        except TimeoutError:
            return False

    def _fresh(self, screen: str, before: set[State]) -> list[Message]:
        """What is new on a screen, or has changed there."""
        return [m for m in self._screen(screen) if _state(m) not in before]

    async def _act(self, step: Step) -> str:
        """Do what the step says; what was not possible, if so."""
        if step.due is not None:
            self.lines += ["（到点了）", ""]
            await step.due()
        elif step.press:
            self.lines += [f"**{self._name(step.who)}** 点了［{step.press}］", ""]
            try:
                await self.stage.press(step.who, step.press)
            except LookupError:
                return f"{self._name(step.who)} 的屏幕上没有［{step.press}］"
        elif step.say:
            self.lines += [f"**{self._name(step.who)}**：{step.say}", ""]
            await self.stage.say(step.who, step.say)
        elif self.stage.opens is not None:
            self.lines += [f"**{self._name(step.who)}** 打开了跟单", ""]
            await self.stage.opens(step.who)
        return ""

    def _screen(self, screen: str) -> list[Message]:
        return self.stage.group() if screen == TEAM else self.stage.screen(screen)

    def _name(self, screen: str) -> str:
        return GROUP if screen == TEAM else self.names.get(screen, screen)

    def _write_screen(self, screen: str, messages: Sequence[Message]) -> None:
        for message in messages:
            quoted = "\n".join(f"> {line}  " for line in message.text.splitlines())
            self.lines += [f"{self._name(screen)} 的屏幕：", "", quoted or "> （图片）", ""]

    def _keep_picture(self, step: Step) -> str:
        """Write the newest picture of the first screen to a file; says what is wrong, if so."""
        pictures = [m for m in self._screen(step.expect[0][0]) if m.picture]
        if not pictures:
            return "没有图片"
        name = f"{self.stage.key}-{step.picture}.png"
        (self.folder / name).write_bytes(pictures[-1].picture)
        self.lines += [f"![{step.title}]({name})", ""]
        return ""


def _state(message: Message) -> State:
    return message.order, len(message.versions), message.replaced
