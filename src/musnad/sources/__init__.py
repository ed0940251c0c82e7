"""How articles come in: one module a format, found by discovery, chosen by the content."""

from musnad.sources.intake import Item, Meter, Rejected, Remark, formats, read_opened, read_path, read_stream

__all__ = ["Item", "Meter", "Rejected", "Remark", "formats", "read_opened", "read_path", "read_stream"]
