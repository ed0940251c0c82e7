"""When: expressions of time in a text, as intervals of days."""

from musnad.times.expressions import Time, find_times

__all__ = ["Time", "find_times"]
