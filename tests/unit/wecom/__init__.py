"""WeCom's envelope, events, payloads and errors without a server."""
