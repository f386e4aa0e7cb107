"""Platforms: one adapter a platform, all by one protocol. An adapter never opens a socket: it is handed a `get`."""
