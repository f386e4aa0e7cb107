"""The demo: a simulated far end, its story, and the sample articles. Everything between is the real code."""
