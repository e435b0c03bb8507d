"""The records in the formats of others: pure functions from a record to what is sent."""
