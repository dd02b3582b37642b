"""Bytes to located values: the folder, YAML nodes, front matter, tables, git, the calendar."""
