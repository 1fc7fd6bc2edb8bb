"""A flow's life in memory, on a clock of its own: the same walk, triggers and guards as the engine on rows; nothing is written or sent."""
