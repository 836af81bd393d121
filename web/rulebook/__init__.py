"""The life of the rules: drafts for those who keep them, publications for everybody."""
