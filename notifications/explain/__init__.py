"""Said afterwards and beforehand: why a message went or did not, and what an order is to expect."""
