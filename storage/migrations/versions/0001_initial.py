"""The first form of the database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FEN = sa.BigInteger()
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "stranger", "team", "user_account", "binding", "customer", "contact", "customer_name",
    "customer_share", "customer_tag", "name_key", "deal", "task", "activity", "stage_change",
    "target", "contract", "quote", "payment", "quote_line", "approval", "pending",
    "approval_step", "journal", "attachment", "conversation", "inbound", "outbound",
    "platform_token", "run", "setup", "sent_card", "subscription",
)  # fmt: skip


def upgrade() -> None:
    """Every table, those that others point to first."""
    _create_people()
    _create_customers_1()
    _create_customers_2()
    _create_selling_1()
    _create_selling_2()
    _create_papers_1()
    _create_papers_2()
    _create_process()
    _create_journal()
    _create_service_1()
    _create_service_2()
    _create_service_3()


def downgrade() -> None:
    """Nothing is left."""
    for table in reversed(TABLES):
        op.drop_table(table)


def key(name: str, kind: Any, points_to: str | None = None, *, cascade: bool = False) -> Any:
    """A column of the primary key."""
    return sa.Column(name, kind, *_foreign(points_to, cascade), primary_key=True)


def must(name: str, kind: Any, points_to: str | None = None, *, cascade: bool = False) -> Any:
    """A column that always has a value."""
    return sa.Column(name, kind, *_foreign(points_to, cascade), nullable=False)


def may(name: str, kind: Any, points_to: str | None = None, *, cascade: bool = False) -> Any:
    """A column that may be empty."""
    return sa.Column(name, kind, *_foreign(points_to, cascade), nullable=True)


def _foreign(points_to: str | None, cascade: bool) -> list[sa.ForeignKey]:
    if points_to is None:
        return []
    return [sa.ForeignKey(points_to, ondelete="CASCADE" if cascade else None)]


def index(table: str, name: str, *columns: str, where: str | None = None) -> None:
    """An index, over the rows that `where` names if given."""
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), sqlite_where=condition, postgresql_where=condition)


def _create_people() -> None:
    op.create_table(
        "stranger",
        key("id", BIG), must("platform", sa.String(20)), must("corp", sa.String(100)),
        must("platform_user", sa.String(100)), must("code", sa.String(12)),
        must("seen_at", INSTANT), sa.UniqueConstraint("code"),
        sa.UniqueConstraint("platform", "corp", "platform_user"),
    )  # fmt: skip
    op.create_table(
        "team",
        key("id", BIG), must("name", sa.String(200)), may("parent_id", BIG, "team.id"),
        must("path", sa.String(400)),
    )  # fmt: skip
    index("team", "ix_team_path", "path")
    op.create_table(
        "user_account",
        key("id", BIG), must("name", sa.String(200)), must("role", sa.String(20)),
        may("team_id", BIG, "team.id"), may("region", sa.String(50)),
        must("active", sa.Boolean()),
    )  # fmt: skip
    index("user_account", "ix_user_account_team_id", "team_id")
    op.create_table(
        "binding",
        key("id", BIG), must("platform", sa.String(20)), must("corp", sa.String(100)),
        must("platform_user", sa.String(100)), must("user_id", BIG, "user_account.id"),
        sa.UniqueConstraint("platform", "corp", "platform_user"),
    )  # fmt: skip
    index("binding", "ix_binding_user_id", "user_id")


def _create_customers_1() -> None:
    op.create_table(
        "customer",
        key("id", BIG), must("name", sa.String(200)), may("owner_id", BIG, "user_account.id"),
        may("industry", sa.String(100)), may("region", sa.String(50)),
        may("grade", sa.String(10)), may("source", sa.String(100)),
        may("address", sa.String(300)), may("size", sa.String(100)), must("custom", DOCUMENT),
        must("created_at", INSTANT), may("created_by", BIG, "user_account.id"),
    )  # fmt: skip
    index("customer", "ix_customer_created_at", "created_at")
    index("customer", "ix_customer_owner_id", "owner_id")
    op.create_table(
        "contact",
        key("id", BIG), must("customer_id", BIG, "customer.id"), must("name", sa.String(200)),
        may("title", sa.String(100)), may("phone", sa.String(40)), may("email", sa.String(200)),
        may("wechat", sa.String(100)), may("role", sa.String(20)), must("left", sa.Boolean()),
    )  # fmt: skip
    index("contact", "ix_contact_customer_id", "customer_id")
    op.create_table(
        "customer_name",
        key("id", BIG), must("customer_id", BIG, "customer.id", cascade=True),
        must("text", sa.String(200)), must("kind", sa.String(20)),
        may("learned_by", BIG, "user_account.id"),
        sa.UniqueConstraint("customer_id", "text", "learned_by"),
    )  # fmt: skip
    op.create_table(
        "customer_share",
        key("customer_id", BIG, "customer.id", cascade=True),
        key("user_id", BIG, "user_account.id"),
    )  # fmt: skip
    index("customer_share", "ix_customer_share_user_id", "user_id")
    op.create_table(
        "customer_tag",
        key("customer_id", BIG, "customer.id", cascade=True), key("tag", sa.String(50)),
    )  # fmt: skip


def _create_customers_2() -> None:
    op.create_table(
        "name_key",
        key("key", sa.String(80)), key("name_id", BIG, "customer_name.id", cascade=True),
        must("customer_id", BIG, "customer.id", cascade=True),
    )  # fmt: skip
    index("name_key", "ix_name_key_key_customer_id", "key", "customer_id")
    index("name_key", "ix_name_key_name_id", "name_id")


def _create_selling_1() -> None:
    op.create_table(
        "deal",
        key("id", BIG), must("customer_id", BIG, "customer.id"),
        may("owner_id", BIG, "user_account.id"), must("name", sa.String(200)),
        must("stage", sa.String(50)), must("stage_since", INSTANT),
        must("status", sa.String(10)), may("amount_fen", FEN), may("amount_high_fen", FEN),
        may("expected_close", sa.String(30)), may("expected_close_on", sa.Date()),
        must("products", DOCUMENT), must("competitors", DOCUMENT),
        may("lost_reason", sa.String(300)), may("lost_to", sa.String(100)),
        may("closed_on", sa.Date()), must("created_at", INSTANT),
    )  # fmt: skip
    index("deal", "ix_deal_closed_on", "closed_on")
    index("deal", "ix_deal_created_at", "created_at")
    index("deal", "ix_deal_customer_id", "customer_id")
    index("deal", "ix_deal_owner_id", "owner_id")
    index("deal", "ix_deal_status_stage", "status", "stage")
    op.create_table(
        "task",
        key("id", BIG), must("what", sa.String(500)), must("owner_id", BIG, "user_account.id"),
        must("created_by", BIG, "user_account.id"), may("customer_id", BIG, "customer.id"),
        may("due_text", sa.String(50)), may("due_on", sa.Date()), may("due_at", INSTANT),
        may("done_at", INSTANT), must("created_at", INSTANT),
    )  # fmt: skip
    index("task", "ix_task_customer_id", "customer_id")
    index("task", "ix_task_due_at", "due_at")
    index("task", "ix_task_owner_id_done_at_due_on", "owner_id", "done_at", "due_on")


def _create_selling_2() -> None:
    op.create_table(
        "activity",
        key("id", BIG), must("customer_id", BIG, "customer.id"), may("deal_id", BIG, "deal.id"),
        must("owner_id", BIG, "user_account.id"), must("kind", sa.String(20)),
        must("on", sa.Date()), may("at", INSTANT), may("date_text", sa.String(50)),
        must("planned", sa.Boolean()), must("contacts", DOCUMENT), must("note", sa.Text()),
        must("created_at", INSTANT),
    )  # fmt: skip
    index("activity", "ix_activity_customer_id_on", "customer_id", "on")
    index("activity", "ix_activity_on", "on")
    index("activity", "ix_activity_owner_id_on", "owner_id", "on")
    op.create_table(
        "stage_change",
        key("id", BIG), must("deal_id", BIG, "deal.id"), may("from_stage", sa.String(50)),
        must("to_stage", sa.String(50)), must("at", INSTANT),
    )  # fmt: skip
    index("stage_change", "ix_stage_change_deal_id", "deal_id")


def _create_papers_1() -> None:
    op.create_table(
        "target",
        key("id", BIG), must("user_id", BIG, "user_account.id"), must("metric", sa.String(30)),
        must("month", sa.String(7)), must("value_fen", FEN),
        sa.UniqueConstraint("user_id", "metric", "month"),
    )  # fmt: skip
    index("target", "ix_target_month", "month")
    op.create_table(
        "contract",
        key("id", BIG), must("customer_id", BIG, "customer.id"), may("deal_id", BIG, "deal.id"),
        must("owner_id", BIG, "user_account.id"), may("paper_number", sa.String(100)),
        may("amount_fen", FEN), must("signed_on", sa.Date()), must("created_at", INSTANT),
    )  # fmt: skip
    index("contract", "ix_contract_customer_id", "customer_id")
    index("contract", "ix_contract_deal_id", "deal_id")
    index("contract", "ix_contract_signed_on", "signed_on")
    op.create_table(
        "quote",
        key("id", BIG), must("customer_id", BIG, "customer.id"), may("deal_id", BIG, "deal.id"),
        must("owner_id", BIG, "user_account.id"), may("amount_fen", FEN),
        may("discount_bp", BIG), must("status", sa.String(12)), must("reason", sa.String(500)),
        may("valid_until", sa.Date()), must("version", BIG), must("created_at", INSTANT),
    )  # fmt: skip
    index("quote", "ix_quote_customer_id", "customer_id")
    index("quote", "ix_quote_deal_id", "deal_id")
    index("quote", "ix_quote_owner_id", "owner_id")
    op.create_table(
        "payment",
        key("id", BIG), must("customer_id", BIG, "customer.id"),
        may("contract_id", BIG, "contract.id"), must("owner_id", BIG, "user_account.id"),
        may("amount_fen", FEN), may("on", sa.Date()), must("planned", sa.Boolean()),
        must("created_at", INSTANT),
    )  # fmt: skip
    index("payment", "ix_payment_contract_id", "contract_id")
    index("payment", "ix_payment_customer_id", "customer_id")
    index("payment", "ix_payment_planned_on", "planned", "on")


def _create_papers_2() -> None:
    op.create_table(
        "quote_line",
        key("id", BIG), must("quote_id", BIG, "quote.id", cascade=True),
        may("product", sa.String(100)), may("quantity_milli", BIG), may("unit_price_fen", FEN),
    )  # fmt: skip
    index("quote_line", "ix_quote_line_quote_id", "quote_id")


def _create_process() -> None:
    op.create_table(
        "approval",
        key("id", BIG), must("subject", sa.String(20)), must("subject_id", BIG),
        must("version", BIG), must("requester_id", BIG, "user_account.id"),
        must("status", sa.String(12)), must("why", sa.String(300)), must("created_at", INSTANT),
        may("decided_at", INSTANT),
    )  # fmt: skip
    index("approval", "ix_approval_subject_subject_id", "subject", "subject_id")
    op.create_table(
        "pending",
        key("id", BIG), must("user_id", BIG, "user_account.id"),
        must("conversation", sa.String(300)), must("kind", sa.String(20)),
        must("payload", DOCUMENT), must("seen", DOCUMENT), may("event_id", BIG),
        must("status", sa.String(12)), must("created_at", INSTANT), must("expires_at", INSTANT),
    )  # fmt: skip
    index("pending", "ix_pending_user_id", "user_id")
    op.create_table(
        "approval_step",
        key("id", BIG), must("approval_id", BIG, "approval.id", cascade=True),
        must("position", BIG), must("approver_id", BIG, "user_account.id"),
        must("status", sa.String(12)), may("decided_by", BIG, "user_account.id"),
        may("decided_at", INSTANT), must("comment", sa.String(500)),
        sa.UniqueConstraint("approval_id", "position"),
    )  # fmt: skip
    index("approval_step", "ix_approval_step_approver_id", "approver_id")


def _create_journal() -> None:
    op.create_table(
        "journal",
        key("id", BIG), must("at", INSTANT), may("event_id", BIG),
        may("actor_id", BIG, "user_account.id"), must("record_type", sa.String(40)),
        must("record_id", sa.String(80)), must("operation", sa.String(10)),
        must("before", DOCUMENT), must("after", DOCUMENT),
    )  # fmt: skip
    index("journal", "ix_journal_event_id", "event_id")
    index("journal", "ix_journal_record_type_record_id_id", "record_type", "record_id", "id")


def _create_service_1() -> None:
    op.create_table(
        "attachment",
        key("id", BIG), must("media_type", sa.String(60)), must("name", sa.String(120)),
        must("content", sa.LargeBinary()), must("created_at", INSTANT),
    )  # fmt: skip
    op.create_table(
        "conversation",
        key("key", sa.String(300)), must("memory", DOCUMENT), may("last_event_id", BIG),
        must("updated_at", INSTANT),
    )  # fmt: skip
    op.create_table(
        "inbound",
        key("id", BIG), must("dedup_key", sa.String(200)), must("conversation", sa.String(300)),
        must("payload", DOCUMENT), must("received_at", INSTANT), must("state", sa.String(10)),
        must("attempts", BIG), must("available_at", INSTANT), may("lease_until", INSTANT),
        may("token", sa.String(40)), may("finished_at", INSTANT), may("error", sa.Text()),
        may("error_id", sa.String(12)), sa.UniqueConstraint("dedup_key"),
    )  # fmt: skip
    index("inbound", "ix_inbound_new", "available_at", "id", where="state = 'new'")
    index(
        "inbound", "ix_inbound_unfinished", "conversation", "id",
        where="state IN ('new', 'working')",
    )  # fmt: skip
    index("inbound", "ix_inbound_working", "lease_until", where="state = 'working'")


def _create_service_2() -> None:
    op.create_table(
        "outbound",
        key("id", BIG), must("key", sa.String(64)), may("event_id", BIG),
        must("platform", sa.String(20)), must("lane", sa.String(300)), must("address", DOCUMENT),
        must("content", DOCUMENT), may("card_key", sa.String(80)), must("created_at", INSTANT),
        must("state", sa.String(10)), must("attempts", BIG), must("available_at", INSTANT),
        may("lease_until", INSTANT), may("token", sa.String(40)), may("sent_at", INSTANT),
        may("receipt", DOCUMENT), may("error", sa.Text()), sa.UniqueConstraint("key"),
    )  # fmt: skip
    index("outbound", "ix_outbound_event_id", "event_id")
    index("outbound", "ix_outbound_new", "available_at", "id", where="state = 'new'")
    index("outbound", "ix_outbound_sending", "lease_until", where="state = 'sending'")
    index("outbound", "ix_outbound_unsent", "lane", "id", where="state IN ('new', 'sending')")
    op.create_table(
        "platform_token",
        key("key", sa.String(200)), may("token", sa.String(1024)), may("expires_at", INSTANT),
        may("lock_until", INSTANT),
    )  # fmt: skip
    op.create_table(
        "run",
        key("id", BIG), must("subject", sa.String(80)), must("due_at", INSTANT),
        must("taken_at", INSTANT), must("outcome", sa.String(20)),
        sa.UniqueConstraint("subject", "due_at"),
    )  # fmt: skip
    op.create_table(
        "setup",
        key("key", sa.String(50)), must("value", DOCUMENT), must("updated_at", INSTANT),
    )  # fmt: skip


def _create_service_3() -> None:
    op.create_table(
        "sent_card",
        key("card_key", sa.String(80)), may("subject", sa.String(80)),
        must("platform", sa.String(20)), must("address", DOCUMENT),
        may("user_id", BIG, "user_account.id"), must("presses", DOCUMENT),
        must("codes", DOCUMENT), must("created_at", INSTANT), must("expires_at", INSTANT),
        must("closed", sa.Boolean()),
    )  # fmt: skip
    index("sent_card", "ix_sent_card_subject", "subject")
    op.create_table(
        "subscription",
        key("id", BIG), must("report", sa.String(20)), must("at", sa.String(5)),
        must("days", sa.String(20)), may("group_name", sa.String(100)),
        may("user_id", BIG, "user_account.id"), may("team_id", BIG, "team.id"),
        must("active", sa.Boolean()), must("since", INSTANT),
    )  # fmt: skip
