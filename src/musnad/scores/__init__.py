"""Learned scores over the tokens of a page, which statements and events are decided by."""
