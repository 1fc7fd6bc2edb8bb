"""Opens and clicks: links that lead through us, machines told apart from people, and what came of each step."""
