"""Producers: planned files, and the pure functions that make their bytes, a module a sort."""
