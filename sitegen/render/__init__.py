"""Site and theme to text: Markdown, the Jinja theme, the thin views that templates see."""
