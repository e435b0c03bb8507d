"""The guarded way out: every HTTP request that Beleg makes to an address it was told."""
