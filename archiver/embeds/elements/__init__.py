"""Forms of elements: what HTML says of a post in markup of its own, by platform and by maker."""
