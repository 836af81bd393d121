"""What the product costs: decisions, filings over HTTP, pages, memory. Measures only; nothing here is shipped."""
