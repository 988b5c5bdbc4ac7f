"""Figures out of the records, and the pictures that show them."""
