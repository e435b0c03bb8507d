"""The examples are bodies that the service takes, in different styles, with statements in them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.extract.engine import load_engine
from services.extract.engine.types import Article
from services.records.schemas import NewArticleSchema

FILES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))


def body(file: Path):
    return json.loads(file.read_text(encoding="utf-8"))


def test_there_are_at_least_six_in_as_many_styles():
    """No two examples are of one form."""
    forms = [body(file)["metadata"]["form"] for file in FILES]
    assert len(forms) >= 6
    assert len(set(forms)) == len(forms)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_is_an_article_the_service_takes(file):
    """An example passes the schema, is dated German news, and is 150 to 350 words long."""
    article = NewArticleSchema().load(body(file))
    assert article.published_on
    assert article.outlet
    assert article.language == "de"
    assert 150 <= len(article.text.split()) <= 350


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_rules_engine_finds_statements_in_an_example(file):
    """Even without a trained model the demo has something to show for every article."""
    text = body(file)["text"]
    assert len(load_engine("rules").extract(Article(text, language="de"))) >= 5
