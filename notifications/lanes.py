"""Who has something to do, one index probe a merchant: what is due first must not depend on how much waits, nor on who else waits."""


def earliest(table: str, moment: str, ready: str) -> str:
    """SQL for `WITH RECURSIVE lanes (merchant_id, moment)`: each merchant's earliest row. A loose scan over the index on (merchant_id,
    moment) whose condition is `ready`. All three are constants of ours, never anybody's words.
    """
    row = f"SELECT t.merchant_id, t.{moment} FROM {table} t WHERE {ready}"
    first = f"ORDER BY t.merchant_id, t.{moment} LIMIT 1"
    return f"""
WITH RECURSIVE lanes AS (
  ({row} {first})
  UNION ALL
  SELECT next.merchant_id, next.{moment} FROM lanes CROSS JOIN LATERAL ({row} AND t.merchant_id > lanes.merchant_id {first}) next
)"""
