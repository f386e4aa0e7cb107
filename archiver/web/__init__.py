"""Web: the one door to the network."""
