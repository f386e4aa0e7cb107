"""Articles: where stored articles come from, one source a file, and how their bytes are read."""
