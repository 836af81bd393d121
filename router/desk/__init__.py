"""Use cases, one file per family of gestures. Each opens one transaction, checks by name, then acts."""
