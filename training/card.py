"""The model card: what the model is made of, what it can do, and what it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.pipeline import Identity, Material

_CARD = """# {name}, version {version}

Finds who says what according to whom in German news: the content of each statement, its type and
medium, its source, cue, frame and addressee. Read by Beleg's trained engine
(`services/extract/engine/trained`), together with what its rules find.

## Data and licence

Made by `make train` from {articles} annotated articles. The shipped model is trained on

- the train split of WIKINEWS quotations (Petersen-Frey and Biemann 2024; GermEval 2023 SpkAtt),
  CC BY-NC-SA 4.0,
- Redewiedergabe (tags, moods, cases and lemmas only), CC BY-NC-SA 4.0,
- UD German GSD, dev (the same), CC BY-SA 4.0,
- {project} articles written for the project (all but roles and media), under its licence.

Because of them **this model is under CC BY-NC-SA 4.0**: not for commercial use, and what is made
from it is shared alike. The code around it is under the licence of the project; whoever needs
other terms trains a model on data of their own (training/README.md), or uses the rules engine,
which needs no data.

## Figures (F1 in per cent, published measure)

| | |
|---|---|
{figures}

The development split was used for tuning, so expect a little less on news of the same kind.

## Limits

- Wikinews from 2004 to 2023 and news written for the project: short agency-like reports.
  Commentary, fiction and other languages were never seen.
- Reported statements ("Sie forderte mehr Geld") and free indirect speech are found far less surely
  than direct and indirect speech; addressees are missed more often than not.
- A statement by an unnamed author over several paragraphs loses its source.
- Confidence is calibrated on the same kind of text, and by the corpus's line: on statements that
  only a record wants ("Sie kritisierte die Pläne") it is lower than it need be.
- The model was trained with version {rules} of the rules as evidence; with other rules it should
  be trained anew.

## Files

`model.json` names version, settings and the SHA-256 of every file, which are verified when the
model is loaded. `training-log.json` holds all figures.
"""


def card(identity: Identity, rules: str, material: Material, figures: Mapping[str, float]) -> str:
    """Write the card of a model."""
    rows = "\n".join(f"| {what} | {value:.2f} |" for what, value in figures.items())
    return _CARD.format(
        name=identity.name,
        version=identity.version,
        rules=rules,
        articles=len(material.articles),
        project=len(material.project),
        figures=rows,
    )
