"""What came of flows: what each step's messages did, the orders they are credited with, and what tests and holdouts prove."""
