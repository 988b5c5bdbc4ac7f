"""The bot against simulated platforms: to look at, and to play a day with."""
