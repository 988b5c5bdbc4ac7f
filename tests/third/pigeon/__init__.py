"""A made-up platform, whole in this folder: what a third one needs, and nothing else."""
