"""Gold articles: news written for the project, with every statement attributed by hand."""
