"""A believable shop: what it sells, to whom, and what happens to its parcels. The demo store and the journey are played from it."""
