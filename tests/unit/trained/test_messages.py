"""Messages as labels and back."""

import numpy as np
import pytest

from services.extract.engine.trained.assembly import assemble, nest
from services.extract.engine.trained.messages import (
    GAP,
    LABELS,
    NOTHING,
    Message,
    begins,
    best_labels,
    decode,
    encode,
)
from services.extract.engine.types import Type

INDIRECT = Type.INDIRECT


@pytest.mark.parametrize(
    "messages",
    [
        [],
        [([0, 1, 2], INDIRECT)],
        [([1, 2, 6, 7], Type.FREE_INDIRECT)],
        [([0, 1], INDIRECT), ([2, 3], INDIRECT), ([5], Type.REPORTED)],
    ],
)
def test_labels_hold_messages(messages):
    """What is encoded is decoded again, gaps and neighbours included."""
    decoded = decode(encode(9, messages).tolist(), 0)
    assert [(m.tokens, m.type) for m in decoded] == messages


def test_offset_moves_messages():
    """Tokens are counted from the document's first."""
    assert decode(encode(4, [([1, 2], INDIRECT)]).tolist(), 100)[0].tokens == [101, 102]


def sure_of(labels):
    odds = np.full((len(labels), len(LABELS)), 1e-6, np.float32)
    odds[np.arange(len(labels)), labels] = 0.9
    return odds / odds.sum(1, keepdims=True)


def test_best_labels_are_allowed_ones():
    """An inside never follows nothing, and a gap never ends a message."""
    inside = begins(INDIRECT) + 1
    odds = sure_of([NOTHING, inside, inside, GAP, NOTHING])
    labels = best_labels(odds, 0.0, np.array([0]), np.array([5]))
    assert labels.tolist() in (
        [NOTHING, begins(INDIRECT), inside, NOTHING, NOTHING],
        [NOTHING, begins(INDIRECT), inside, inside, NOTHING],
    )


def test_reluctance_takes_fewer_tokens():
    """The more reluctant, the less is called a message."""
    odds = np.zeros((3, len(LABELS)), np.float32)
    odds[:, NOTHING] = 0.6
    odds[0, begins(INDIRECT)] = 0.4
    odds[1:, begins(INDIRECT) + 1] = 0.4
    bounds = np.array([0]), np.array([3])
    assert not best_labels(odds, 0.0, *bounds).any()
    assert best_labels(odds, -1.0, *bounds).all()


def test_quotation_inside_a_message_is_nested():
    """Direct speech is taken from its marks, and knows what is around it."""
    around = Message(list(range(10)), INDIRECT)
    found = assemble([around, Message([4, 5, 6], Type.DIRECT)], [(4, 7, 0.9), (8, 10, 0.2)], 0.5)
    assert [(m.tokens[0], m.tokens[-1], m.type) for m in found] == [
        (0, 9, INDIRECT),
        (4, 6, Type.DIRECT),
    ]
    assert found[1].outer is around


def test_message_in_refused_marks_is_refused():
    """What stands between marks was judged as a quotation and not again."""
    assert assemble([Message([3, 4, 5], INDIRECT)], [(3, 6, 0.1)], 0.5) == []


def test_smallest_message_around_counts():
    """Of several around, the nearest is the outer one."""
    wide, near, inner = (Message(list(range(n)), INDIRECT) for n in (9, 6, 3))
    assert nest([wide, near, inner])[2].outer is near
