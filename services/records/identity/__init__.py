"""Who is who over articles: the rules by which a name in an article is somebody known already."""
