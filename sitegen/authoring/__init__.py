"""Help with writing content."""
