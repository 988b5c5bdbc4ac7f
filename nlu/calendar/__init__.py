"""Dates of a text: which words, what they compose to, on which days that falls."""
