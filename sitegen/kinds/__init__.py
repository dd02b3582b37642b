"""Located values to typed documents: field types, kinds, rules."""
