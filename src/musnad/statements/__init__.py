"""Reading statements: cue → content → speaker, addressee, sources; what is nested; who is meant."""
