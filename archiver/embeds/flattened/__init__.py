"""Forms of running text: posts that an extractor flattened, who signed them, and where their words begin."""
