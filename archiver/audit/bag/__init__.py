"""The bag: what an auditor gets, whole or not at all, and can check without us (BagIt, RFC 8493)."""
