"""Bytes first: which articles can hold an embed at all, found without reading them."""
