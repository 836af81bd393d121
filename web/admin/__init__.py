"""The administrator's pages: accounts."""
