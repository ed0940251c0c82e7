"""How articles come in: one module a format, found by discovery, chosen by the content."""

from musnad.sources.intake import Item, Rejected, Remark, formats, read_path, read_stream

__all__ = ["Item", "Rejected", "Remark", "formats", "read_path", "read_stream"]
