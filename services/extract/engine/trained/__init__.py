"""The trained finder: statements found by models made from annotated news (see training/)."""
