"""The metrics are those of the acts, each with words of its own, and all but one are reckoned."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from nlu.acts import GroupBy, MetricName
from reports.figures import ANSWERED
from reports.metrics import BY_NAME, METRICS

FORECAST = "forecast"


def test_the_acts_metrics_each_once() -> None:
    assert sorted(metric.name for metric in METRICS) == sorted(get_args(MetricName))
    assert set(BY_NAME) == set(get_args(MetricName))


def test_all_but_the_forecast_are_reckoned_from_records() -> None:
    assert {*ANSWERED, FORECAST} == set(BY_NAME)


def test_no_word_names_two_metrics() -> None:
    said = Counter(word for metric in METRICS for word in {metric.title, *metric.words})
    assert [word for word, times in said.items() if times > 1] == []


def test_groups_are_the_acts() -> None:
    for metric in METRICS:
        assert set(metric.groups) <= set(get_args(GroupBy))
        assert len(set(metric.groups)) == len(metric.groups)
        assert metric.formula
