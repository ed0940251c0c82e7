"""Articles by address: what needs the packages of `musnad[web]`."""

from musnad.sources.fetching.fetcher import AGENT, Fetcher, Forgetful, Memory

__all__ = ["AGENT", "Fetcher", "Forgetful", "Memory"]
