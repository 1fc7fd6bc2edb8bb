"""What an editor does with flows: how they are drawn, each edit, and the way from a draft to what is live."""
