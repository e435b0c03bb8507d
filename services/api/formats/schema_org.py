"""Records as JSON-LD in the vocabulary of schema.org.

What is quoted word for word is a `Quotation`, everything else a `Claim`: schema.org has no way to
tell an indirect statement from a report of one, so `type` and `stance` are kept as keywords.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from services.records.citations import ArticleFacts, Citation

MEDIA_TYPE: Final = "application/ld+json"
CONTEXT: Final = "https://schema.org"
_AGENTS: Final = {
    "person": "Person",
    "organisation": "Organization",
    "outlet": "NewsMediaOrganization",
    "group": "Organization",
    "document": "CreativeWork",
    "unnamed": "Person",
}


def quotation_or_claim(cited: Citation, base: str) -> dict[str, Any]:
    """Give the record as a node of a graph; `base` is the address of the service."""
    record = cited.record
    quoted = record["type"] == "direct"
    source = record["source"]
    return _without_gaps(
        {
            "@id": f"{base}/v1/attributions/{record['id']}",
            "@type": "Quotation" if quoted else "Claim",
            "identifier": record["id"],
            "text": record["content"]["text"],
            "creator": source and _agent(source["entity"], base),
            "isPartOf" if quoted else "appearance": _article(cited.article, base),
            "provider" if quoted else "claimInterpreter": [
                _agent(report["entity"], base) for report in record["reported_by"]
            ],
            "inLanguage": cited.article.language,
            "keywords": [record["type"], record["stance"]],
        }
    )


def _agent(entity: dict[str, Any], base: str) -> dict[str, Any]:
    return _without_gaps(
        {
            "@type": _AGENTS[entity["kind"]],
            "@id": f"{base}/v1/sources/{entity['id']}",
            "name": entity["name"],
            "jobTitle": entity.get("role") if entity["kind"] == "person" else None,
        }
    )


def _article(article: ArticleFacts, base: str) -> dict[str, Any]:
    outlet = article.outlet and {"@type": "NewsMediaOrganization", "name": article.outlet}
    return _without_gaps(
        {
            "@type": "NewsArticle",
            "@id": f"{base}/v1/articles/{article.id}",
            "url": article.url,
            "headline": article.title,
            "datePublished": article.published_on and article.published_on.isoformat(),
            "publisher": outlet,
            "author": article.author and {"@type": "Person", "name": article.author},
            "inLanguage": article.language,
        }
    )


def _without_gaps(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in node.items() if value not in (None, [], "")}
