"""Words to acts: pure and synchronous, handed what a text may name."""
