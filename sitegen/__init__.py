"""sitegen: a static site generator for public disclosure columns (政务公开专栏)."""

__version__ = "0.1.0"
