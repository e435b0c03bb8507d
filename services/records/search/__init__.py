"""Full-text search over the records: which words they have, and which records have the words."""
