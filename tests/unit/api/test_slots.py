"""Who gets a place when many wait."""

from services.api.slots import PER_ENDPOINT, Slots


def take(slots: Slots, *endpoints: str, failing: bool = False) -> list[bool]:
    return [slots.take(endpoint, failing=failing) for endpoint in endpoints]


def test_an_endpoint_gets_more_than_one_only_while_there_is_plenty() -> None:
    """Up to four for one endpoint, and none of them from the other half of the places."""
    assert take(Slots(16), *"aaaaa") == [True] * PER_ENDPOINT + [False]
    assert take(Slots(4), *"aaa") == [True, True, False]
    slots = Slots(4)
    assert take(slots, *"aab") == [True, True, True]
    assert take(slots, *"bc") == [False, True]


def test_when_all_places_are_taken_there_is_none() -> None:
    """A place that is given back goes to whoever comes next."""
    slots = Slots(2)
    assert take(slots, *"abc") == [True, True, False]
    slots.give_back("a")
    assert take(slots, *"c") == [True]


def test_who_failed_gets_one_and_all_who_failed_half() -> None:
    """Half of the places are never held by receivers that hang."""
    slots = Slots(4)
    assert take(slots, *"aabc", failing=True) == [True, False, True, False]
    assert take(slots, *"xy") == [True, True]
    slots.give_back("a")
    assert take(slots, *"c", failing=True) == [True]


def test_what_is_given_back_is_forgotten() -> None:
    """An endpoint that recovers counts as failing no more."""
    slots = Slots(2)
    assert take(slots, "a", failing=True) == [True]
    slots.give_back("a")
    assert take(slots, "a") == [True]
    assert take(slots, "b", failing=True) == [True]
