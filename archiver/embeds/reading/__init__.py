"""How a source is read: its tags, the pieces that are parsed, the text that a reader sees, Markdown's ways."""
