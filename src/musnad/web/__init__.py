"""The ledger over HTTP: an interface for programs with its OpenAPI description, and pages for people."""
