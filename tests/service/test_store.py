"""What the store promises to those who read it."""

from sqlalchemy import func, select

from services.records.tables import AttributionRow
from tests.service.conftest import Beleg
from tests.service.made import Said, keep


def test_a_reader_sees_one_state(beleg: Beleg) -> None:
    """What is deleted while somebody reads is there until that reader is done."""
    article_id = keep(beleg, Said("Es reicht", "Anna Huber", reported_by=["Bote"]))
    count = select(func.count()).select_from(AttributionRow)
    with beleg.store.reading() as rows:
        assert rows.session.scalar(count) == 1
        assert beleg.ingest.delete(f"/v1/articles/{article_id}").status_code == 204
        assert rows.session.scalar(count) == 1
    with beleg.store.reading() as rows:
        assert rows.session.scalar(count) == 0
