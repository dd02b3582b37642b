"""Documents to one immutable Site: columns, addresses, relations, lifecycle, change log."""
