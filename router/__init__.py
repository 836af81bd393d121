"""Aiguillage's domain: from a collège's words to the competent party. Never imports a web library."""
