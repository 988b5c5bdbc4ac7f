"""The AI bot (智能机器人): by callback, or by a connection of our own."""
