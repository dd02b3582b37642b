"""Producers: planned files and the pure functions that make their bytes, one module for each sort."""
