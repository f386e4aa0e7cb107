"""The report: one HTML file that a lawyer can read and an editor may print, without script and with nothing loaded."""

from __future__ import annotations

from archiver.audit.report.document import write, write_of
from archiver.audit.report.stated import Stated

__all__ = ["Stated", "write", "write_of"]
