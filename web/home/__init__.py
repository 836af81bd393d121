"""The first page and the ones the law asks for: accessibility, personal data, licence."""
