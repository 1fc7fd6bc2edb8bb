"""The visual editor of flows: drafts drawn, changed, published and taken back."""
