"""Enrichments: each takes a clean article and returns one field of the record."""
