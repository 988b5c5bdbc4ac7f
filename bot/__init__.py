"""The service: starts, listens, keeps time, delivers; one folder per platform."""
