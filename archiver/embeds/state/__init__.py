"""Forms of a page's state: posts that programs, JSON and attributes name."""
