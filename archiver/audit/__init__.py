"""Audit: what archivists and auditors are handed: timelines and exports."""
