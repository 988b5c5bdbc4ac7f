"""Card templates as data: which variables they have and what is seen of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from simulator.ledger import Button, Face

_VARIABLE = re.compile(r"\$\{(\w+)\}")
_BUTTONS = 6
_STYLES = {"primary": 1, "normal": 2, "danger": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateButton:
    """A callback button (回传请求); texts may hold ${variables}. An empty text hides it."""

    id: str
    text: str
    params: Mapping[str, str]
    style: str = "primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template as its editor describes it; texts may hold ${variables}.

    state: shown in the place of the buttons unless it comes out empty.
    private: variables that privateData may set for one viewer alone.
    streaming: the variable that /v1.0/card/streaming may fill.
    """

    template_id: str
    variables: frozenset[str]
    title: str = ""
    subtitle: str = ""
    body: str = ""
    note: str = ""
    state: str = ""
    buttons: tuple[TemplateButton, ...] = ()
    private: frozenset[str] = frozenset()
    streaming: str = ""
    is_published: bool = True

    def show(self, values: Mapping[str, str]) -> tuple[Face, str]:
        """What is seen with these values, and the state that replaces the buttons."""
        texts = (self.title, self.subtitle, self.body, self.note)
        title, subtitle, body, note = (_fill(text, values) for text in texts)
        state = _fill(self.state, values)
        buttons = () if state else self._buttons(values)
        foot = state or " ".join(f"［{button.text}］" for button in buttons)
        text = "\n".join(line for line in (title, subtitle, body, note, foot) if line)
        face = Face(
            text=text, title=title, subtitle=subtitle, body=body, note=note, buttons=buttons
        )
        return face, state

    def _buttons(self, values: Mapping[str, str]) -> tuple[Button, ...]:
        shown = (
            Button(
                text=_fill(button.text, values),
                key=button.id,
                style=_STYLES.get(_fill(button.style, values), 2),
                params={name: _fill(text, values) for name, text in button.params.items()},
            )
            for button in self.buttons
        )
        return tuple(button for button in shown if button.text)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], ""), text)


def standard_template(
    template_id: str = "4d18414c-aabc-4ec8-9e67-4ceefeada72a.schema",
) -> Template:
    """The card that an installer builds for the bot: words, a state and six buttons."""
    numbers = range(1, _BUTTONS + 1)
    parts = ("title", "subtitle", "body", "note", "state")
    own = (f"b{n}_{part}" for n in numbers for part in ("text", "press", "style"))
    return Template(
        template_id=template_id,
        variables=frozenset((*parts, *own)),
        title="${title}",
        subtitle="${subtitle}",
        body="${body}",
        note="${note}",
        state="${state}",
        buttons=tuple(
            TemplateButton(
                id=f"b{n}",
                text=f"${{b{n}_text}}",
                params={"press": f"${{b{n}_press}}"},
                style=f"${{b{n}_style}}",
            )
            for n in numbers
        ),
        streaming="body",
    )
