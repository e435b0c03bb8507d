"""The engine's word lists: data files beside this package's modules and what reads them."""

from services.extract.engine.lexicon.conjugation import FINITE, SUBJUNCTIVE, Form
from services.extract.engine.lexicon.expressions import Expression, expressions
from services.extract.engine.lexicon.loader import endings, function_words, lines, words
from services.extract.engine.lexicon.nouns import Noun, nouns, statement_nouns
from services.extract.engine.lexicon.verbs import NO_VERB, Reading, Verb, VerbForms, verb_forms

__all__ = [
    "FINITE",
    "NO_VERB",
    "SUBJUNCTIVE",
    "Expression",
    "Form",
    "Noun",
    "Reading",
    "Verb",
    "VerbForms",
    "endings",
    "expressions",
    "function_words",
    "lines",
    "nouns",
    "statement_nouns",
    "verb_forms",
    "words",
]
