"""When: expressions of time in a text, as intervals of days."""

from musnad.times.expressions import find_times
from musnad.times.parts import Time

__all__ = ["Time", "find_times"]
