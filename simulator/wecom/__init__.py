"""WeCom on the loopback."""
