"""Scanning: stored articles go in, embeds and posts come out. The pipeline is drawn in `sources`."""
