"""What was settled before anything was asked, and what came out otherwise."""
