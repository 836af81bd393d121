"""The rules, for everyone: who is competent, the table, one rule, one article."""
