"""Bytes to located values: the site's folder, YAML nodes, front matter, spreadsheets, git, calendar."""
