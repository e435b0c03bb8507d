"""The pages that are made from the code agree with it."""

import pytest

from services.run.reference import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    """Every setting and every problem is documented as it is: run `make reference`."""
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name]()
