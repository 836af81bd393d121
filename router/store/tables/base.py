"""What every table shares: types, names of constraints, and the instant that stands for « never »."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase

from router.store.columns import Document, Instant

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012
        datetime: Instant(),
        dict[str, Any]: Document,
        list[str]: Document,
        list[dict[str, Any]]: Document,
        str: Text(),
        bytes: LargeBinary(),
    }


FAR = datetime(9999, 12, 31, tzinfo=UTC)
