"""The Chinese calendar from new moons and solar terms in Beijing time (Meeus, ch. 25, 49)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from math import floor, radians, sin

_SYNODIC = 29.530588861
_BEIJING = 8 / 24 - 70 / 86400
"""Dynamical time to Beijing time, in days; 70 s of delta T hold for this century's years."""


@lru_cache(maxsize=256)
def lunar_day(year: int, month: int, day: int) -> date:
    """The day of a lunar date without leap months; ValueError where the month has no such day."""
    if not 1900 <= year <= 2200:
        raise ValueError(year)
    starts = _months(year)
    first = starts[month]
    on = first + timedelta(days=day - 1)
    if not 1 <= day <= 30 or on >= _next_new_moon(first):
        raise ValueError(day)
    return on


@lru_cache(maxsize=256)
def solar_term(year: int, longitude: int) -> date:
    """The day on which the sun reaches a longitude: 15 is 清明, 270 is 冬至."""
    guess = date(year, 3, 20).toordinal() + 1721424.5 + (longitude % 360) * 365.2422 / 360
    if longitude > 280:
        guess -= 365.2422
    for _ in range(4):
        away = (longitude - _sun(guess) + 180) % 360 - 180
        guess += away * 365.2422 / 360
    return _beijing_day(guess)


@lru_cache(maxsize=64)
def _months(year: int) -> dict[int, date]:
    """First days of the ordinary months of a lunar year, by number."""
    before, after = solar_term(year - 1, 270), solar_term(year, 270)
    start = _new_moon_up_to(before)
    end = _new_moon_up_to(after)
    starts = [start]
    while starts[-1] < end:
        starts.append(_next_new_moon(starts[-1]))
    leap = len(starts) == 14
    names: dict[int, date] = {}
    number = 11
    for first, following in pairwise(starts):
        if leap and not _has_major_term(first, following):
            leap = False
            continue
        names[number] = first
        number = number % 12 + 1
    names[11] = end
    names[12] = _next_new_moon(end)
    return names


def _has_major_term(first: date, following: date) -> bool:
    """Whether the sun enters a sign between two new moons."""
    noon = 1721424.5 - _BEIJING
    return floor(_sun(first.toordinal() + noon) / 30) != floor(
        _sun(following.toordinal() + noon) / 30
    )


def _new_moon_up_to(on: date) -> date:
    number = round((on.toordinal() + 1721425 - 2451550.1) / _SYNODIC) + 1
    while (moon := _new_moon(number)) > on:
        number -= 1
    return moon


def _next_new_moon(on: date) -> date:
    number = round((on.toordinal() + 1721425 - 2451550.1) / _SYNODIC) - 1
    while (moon := _new_moon(number)) <= on:
        number += 1
    return moon


@lru_cache(maxsize=512)
def _new_moon(number: int) -> date:
    t = number / 1236.85
    jde = 2451550.09766 + _SYNODIC * number + 0.00015437 * t * t
    sun = radians(2.5534 + 29.10535670 * number)
    moon = radians(201.5643 + 385.81693528 * number + 0.0107582 * t * t)
    node = radians(160.7108 + 390.67050284 * number - 0.0016118 * t * t)
    e = 1 - 0.002516 * t
    jde += (
        -0.40720 * sin(moon) + 0.17241 * e * sin(sun) + 0.01608 * sin(2 * moon)
        + 0.01039 * sin(2 * node) + 0.00739 * e * sin(moon - sun) - 0.00514 * e * sin(moon + sun)
        + 0.00208 * e * e * sin(2 * sun) - 0.00111 * sin(moon - 2 * node)
        - 0.00057 * sin(moon + 2 * node) + 0.00056 * e * sin(2 * moon + sun)
        - 0.00042 * sin(3 * moon) + 0.00042 * e * sin(sun + 2 * node)
        + 0.00038 * e * sin(sun - 2 * node) - 0.00024 * e * sin(2 * moon - sun)
    )  # fmt: skip
    return _beijing_day(jde)


def _sun(jde: float) -> float:
    """Apparent longitude of the sun in degrees, good to 0.01."""
    t = (jde - 2451545.0) / 36525
    mean = 280.46646 + 36000.76983 * t
    anomaly = radians(357.52911 + 35999.05029 * t)
    centre = (
        (1.914602 - 0.004817 * t) * sin(anomaly)
        + 0.019993 * sin(2 * anomaly) + 0.000289 * sin(3 * anomaly)
    )  # fmt: skip
    omega = radians(125.04 - 1934.136 * t)
    return (mean + centre - 0.00569 - 0.00478 * sin(omega)) % 360


def _beijing_day(jde: float) -> date:
    return date.fromordinal(floor(jde + 0.5 + _BEIJING) - 1721425)
