"""Reports: what both institutions read of the service, from the stored deadlines. Read only."""
