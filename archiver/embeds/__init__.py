"""Embeds: the places in an article that show a post, one markup form a file."""
