"""What the engine is told of sites: how documents are read, outputs planned, made, watched."""
