"""The engine: plans outputs, makes them in parallel and commits what differs."""
