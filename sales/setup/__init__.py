"""What a company decides: its document and the one that a new company starts with."""
