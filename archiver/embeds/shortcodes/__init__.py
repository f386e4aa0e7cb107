"""Forms of tags that content systems expand, and of addresses alone on their line."""
