"""DingTalk on the loopback."""
