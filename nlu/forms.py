"""Finds many known forms in a text in one pass: longest first, by their first two characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Forms:
    """Words of two characters or more with what each stands for; a word may have several."""

    def __init__(self, entries: Iterable[tuple[str, object]]) -> None:
        self._meanings: dict[str, list[object]] = {}
        for form, meaning in entries:
            if len(form) > 1:
                meanings = self._meanings.setdefault(form, [])
                if meaning not in meanings:
                    meanings.append(meaning)
        self._starts: dict[str, list[str]] = {}
        for form in sorted(self._meanings, key=len, reverse=True):
            self._starts.setdefault(form[:2], []).append(form)

    def __getitem__(self, form: str) -> list[object]:
        return self._meanings.get(form, [])

    def find(self, text: str) -> Iterator[tuple[int, int, list[object]]]:
        """(start, end, meanings), leftmost and longest, none overlapping."""
        starts, free = self._starts, 0
        pairs = map(str.__add__, text, text[1:])
        for at in [place for place, pair in enumerate(pairs) if pair in starts]:
            if at < free:
                continue
            for form in starts[text[at : at + 2]]:
                if text.startswith(form, at):
                    free = at + len(form)
                    yield at, free, self._meanings[form]
                    break
