"""Workbooks out: a few sheets of texts, as XLSX or ODS. Knows nothing of what they say."""
