"""One change each; never edited after a release."""
