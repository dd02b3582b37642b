"""The preview: a site on this machine, each page made when it is looked at, never stale."""
