"""Identifiers sort as they should and come out the same."""

from services.runtime.ids import new_id, record_id


def test_new_ids_are_prefixed_and_unique() -> None:
    """No two are the same."""
    ids = [new_id("art") for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(i.startswith("art_") and len(i) == 30 for i in ids)


def test_record_ids_sort_by_article_then_order() -> None:
    """Records follow the time of their article, then their order in it, and are repeatable."""
    earlier, later = "art_01KB2M8Q5T4XWZ0F3H6R9V1C7D", "art_01KB2M8Q5V4XWZ0F3H6R9V1C7D"
    ids = [record_id(a, n, "rules/1") for a in (earlier, later) for n in (0, 1, 31, 32, 5000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 10
    assert record_id(earlier, 3, "rules/1") == record_id(earlier, 3, "rules/1")
    assert record_id(earlier, 3, "rules/1") != record_id(earlier, 3, "rules/2")
    assert all(len(i) == 30 for i in ids)
